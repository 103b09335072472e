import type { DiagnosisSummary, Incident, NextStep } from "../contract/incident.ts";
import type { Settings } from "../settings.ts";
import type { IncidentEvent } from "./events.ts";
import { heldBackTooOften } from "./held-back.ts";
import { type Candidate, nextCandidate } from "./plan.ts";
import type { ReduceContext } from "./reduce-context.ts";
import { escalated, told } from "./told.ts";

type Diagnosed = Extract<IncidentEvent, { kind: "diagnosed" }>;

export function reduceDiagnosed(incident: Incident, event: Diagnosed, context: ReduceContext): Incident {
  // A second execution of this incident may still have been looking: what has ended does not begin again.
  if (incident.status === "resolved") return incident;
  const seen = withDiagnosis(incident, event);
  if (event.summary.verdict === "well") return whenHealthy(seen, event, context.settings);
  const relapsed = incident.healthySince === null ? seen : withRelapse(seen, event);
  const unhealthy = { ...relapsed, healthySince: null };
  const candidate = nextCandidate(unhealthy, event.summary.rootCauses, context.keyOf, event.at);
  return candidate === null || isOnlyWatched(unhealthy, event, candidate, context)
    ? whenNothingToDo(unhealthy, event, context.settings)
    : withCandidate(unhealthy, event, candidate, context);
}

/** Where nothing but watching is permitted and people know it, the gate is not asked about one session after the other. */
function isOnlyWatched(
  incident: Incident,
  event: Diagnosed,
  { proposal }: Candidate,
  context: ReduceContext,
): boolean {
  return heldBackTooOften(incident) !== null && context.modeOf(proposal, incident, event.at) === "observe";
}

function withDiagnosis(incident: Incident, event: Diagnosed): Incident {
  const { summary, cycle, at } = event;
  const next: Incident = {
    ...incident,
    cycle,
    diagnosis: summary,
    severity: worst(incident.severity, summary.severity),
    cause: causeOf(incident, summary),
    unreachableSince: summary.unreachable ? (incident.unreachableSince ?? at) : null,
  };
  if (sameRoots(incident.diagnosis, summary)) return next;
  return told(next, { key: `diagnosis#${cycle}`, at, kind: "diagnosis", says: summary.headline });
}

/** The cause that the resolution names: the last one seen before anything was done about it. */
function causeOf(incident: Incident, summary: DiagnosisSummary): DiagnosisSummary | null {
  const acted = incident.actions.some((action) => action.status === "finished");
  if (summary.verdict !== "unwell" || summary.rootCauses.length === 0) return incident.cause;
  return acted && incident.cause !== null ? incident.cause : summary;
}

function sameRoots(before: DiagnosisSummary | null, now: DiagnosisSummary): boolean {
  const keys = (summary: DiagnosisSummary): string =>
    summary.rootCauses.map((finding) => finding.key).join(" ");
  return before !== null && before.verdict === now.verdict && keys(before) === keys(now);
}

function worst(a: Incident["severity"], b: Incident["severity"]): Incident["severity"] {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function whenHealthy(incident: Incident, event: Diagnosed, settings: Settings): Incident {
  const { healthySeconds, healthyCheckSeconds } = settings.watch;
  const since = incident.healthySince ?? event.at;
  const lasted = secondsBetween(since, event.at);
  const watched: Incident = { ...incident, healthySince: since, escalatedAt: null, status: "monitoring" };
  const noted = told(watched, {
    key: `healthy#${since}`,
    at: event.at,
    kind: "recovery",
    says: `${event.summary.headline} Watching for ${Math.round(healthySeconds / 60)} min before this is resolved.`,
  });
  if (lasted >= healthySeconds) {
    return { ...noted, step: { kind: "resolve", reason: `healthy for ${Math.round(lasted)} s` } };
  }
  const seconds = Math.max(1, Math.ceil(Math.min(healthyCheckSeconds, healthySeconds - lasted)));
  return { ...noted, step: { kind: "watch", seconds, why: "it looks healthy; watching that it stays so" } };
}

function withRelapse(incident: Incident, event: Diagnosed): Incident {
  const says = `It came back after looking healthy since ${incident.healthySince}: ${event.summary.headline}`;
  return told(
    { ...incident, status: "investigating" },
    { key: `relapse#${event.cycle}`, at: event.at, kind: "recovery", says },
  );
}

function withCandidate(
  incident: Incident,
  event: Diagnosed,
  { finding, proposal, key }: Candidate,
  context: ReduceContext,
): Incident {
  const mode = context.modeOf(proposal, incident, event.at);
  const known = incident.actions.find((action) => action.key === key);
  const action = {
    key,
    proposal,
    findingKey: finding.key,
    mode,
    status: "proposed" as const,
    approvalId: known?.approvalId ?? null,
    decidedBy: null,
    orderId: null,
    refusal: null,
    outcome: null,
    updatedAt: event.at,
  };
  const actions = known
    ? incident.actions.map((other) => (other.key === key ? action : other))
    : [...incident.actions, action];
  // Also in observe mode the gate is asked: its refusal, with the way to release it, is what people see.
  const step: NextStep =
    mode === "approve"
      ? { kind: "ask-approval", actionKey: key, timeoutSeconds: context.settings.policy.approvalSeconds }
      : { kind: "act", actionKey: key };
  return { ...incident, actions, step, status: mode === "approve" ? "awaiting-approval" : "mitigating" };
}

function whenNothingToDo(incident: Incident, event: Diagnosed, settings: Settings): Incident {
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
  event: Diagnosed,
  watch: Pick<Settings["watch"], "unreachableEscalateSeconds" | "checkSeconds">,
): string | null {
  const { rootCauses, unreachable } = event.summary;
  if (unreachable && incident.unreachableSince !== null) {
    const lasted = secondsBetween(incident.unreachableSince, event.at);
    return lasted >= watch.unreachableEscalateSeconds
      ? `the database has been unreachable for ${Math.round(lasted / 60)} min`
      : null;
  }
  if (incident.actions.some((action) => action.status === "finished")) {
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

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
