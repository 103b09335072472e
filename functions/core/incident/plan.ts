import type { Finding, ProposedAction } from "../contract/finding.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";

export interface Candidate {
  readonly finding: Finding;
  readonly proposal: ProposedAction;
  readonly key: string;
}

/** Guards whose "no" holds for the moment only: an action they held back is tried again at a later look. */
const passingGuards = new Set([
  "pause-after-action",
  "action-in-progress",
  "kill-switch",
  "kill-switch-unreadable",
  "exempt",
  "tags-unread",
  "order-expired",
  // The session was doing something else by then; if it is judged guilty again, it is asked about again.
  "session-changed",
  "state-changed",
  "statement-changed",
]);

export function isOpenToTry(action: IncidentAction | undefined): boolean {
  if (action === undefined) return true;
  switch (action.status) {
    case "proposed":
    case "awaiting-approval":
    case "approved":
    case "ordered":
      return true;
    case "withheld":
      return action.refusal !== null && passingGuards.has(action.refusal.guard);
    case "finished":
      return action.outcome?.status === "refused" && passingGuards.has(action.outcome.refusal?.guard ?? "");
    case "declined":
    case "expired":
      return false;
    default:
      return action.status satisfies never;
  }
}

/**
 * The next thing worth doing: the first remedy, of the most important root cause, that has not been tried.
 * What a person declined, and what a lasting guard refused, is not brought up again in this incident.
 */
export function nextCandidate(
  incident: Incident,
  rootCauses: readonly Finding[],
  keyOf: (proposal: ProposedAction) => string,
): Candidate | null {
  for (const finding of rootCauses) {
    if (finding.severity === "P3") continue;
    for (const proposal of finding.actions) {
      if (!proposal.automatic) continue;
      const key = keyOf(proposal);
      if (isOpenToTry(incident.actions.find((action) => action.key === key)))
        return { finding, proposal, key };
    }
  }
  return null;
}
