import type { DiagnosisSummary, Incident, NextStep } from "../contract/incident.ts";
import type { Settings } from "../settings.ts";
import { heldBackTooOften } from "./held-back.ts";
import { secondsBetween } from "./recovery.ts";
import { runningAction } from "./running.ts";
import { escalated } from "./told.ts";

interface Looked {
  readonly at: string;
  readonly cycle: number;
  readonly summary: DiagnosisSummary;
}

export function whenNothingToDo(incident: Incident, event: Looked, settings: Settings): Incident {
  const { checkSeconds, maxUnsolvedChecks, unreachableEscalateSeconds } = settings.watch;
  const reason = escalationReason(incident, event, { unreachableEscalateSeconds, checkSeconds });
  const seconds = event.cycle > maxUnsolvedChecks ? checkSeconds * 15 : checkSeconds;
  const step: NextStep = { kind: "watch", seconds, why: reason ?? "looking again" };
  return reason === null ? { ...incident, step } : escalated({ ...incident, step }, event.at, reason);
}

/** A cause without any remedy, not even one for a person, may be passing: it gets this many looks first. */
const looksBeforeEscalation = 3;

function escalationReason(
  incident: Incident,
  event: Looked,
  watch: Pick<Settings["watch"], "unreachableEscalateSeconds" | "checkSeconds">,
): string | null {
  const { rootCauses, unreachable } = event.summary;
  if (unreachable && incident.unreachableSince !== null) {
    const lasted = secondsBetween(incident.unreachableSince, event.at);
    return lasted >= watch.unreachableEscalateSeconds
      ? `the database has been unreachable for ${Math.round(lasted / 60)} min`
      : null;
  }
  // What may help is under way.
  if (runningAction(incident) !== null) return null;
  if (
    incident.actions.some((action) => action.status === "finished" && action.outcome?.status !== "refused")
  ) {
    return "what the responder could do was done, and the cause is still there";
  }
  const often = heldBackTooOften(incident);
  if (often !== null) return `${often}, and the cause is still there`;
  if (incident.actions.length > 0) return "the proposed actions were declined, expired or held back";
  if (rootCauses.some((finding) => finding.actions.length > 0)) {
    return "the remedy is one that only a person may carry out";
  }
  const lasted = secondsBetween(incident.openedAt, event.at);
  return lasted >= looksBeforeEscalation * watch.checkSeconds
    ? "there is no action that the responder may take for this cause"
    : null;
}
