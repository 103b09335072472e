import type { Incident, IncidentAction } from "../contract/incident.ts";
import { mayBeDoneBefore, type Outcome } from "../contract/work-order.ts";
import { actionText, whereText } from "./action-words.ts";

/** How an outcome begins when a person reads it. */
const outcomeWords = {
  done: "Done and verified",
  "already-done": "Not needed any more",
  refused: "Not done",
  running: "Begun, goes on",
  "not-verified": "Done, effect not seen yet",
  failed: "Failed",
} satisfies Record<Outcome["status"], string>;

export function outcomeWord(
  outcome: Pick<Outcome, "status" | "refusal"> & Partial<Pick<Outcome, "undo" | "mayHaveActed">>,
): string {
  // Beside a button that takes it back it was needed, and is there.
  if (outcome.status === "already-done" && outcome.undo !== undefined) return "Found done";
  if (mayBeDoneBefore(outcome)) return "Not done again; may have been done";
  return outcomeWords[outcome.status];
}

/** One line for each action that came to an end, and whether a person permitted it. */
export function whatWasDone(incident: Incident): string[] {
  return incident.actions.flatMap((action) => lineOf(incident, action));
}

function lineOf(incident: Incident, action: IncidentAction): string[] {
  const where = whereText(incident, action);
  if (action.outcome !== null) {
    const by = action.decidedBy === null ? "" : " (approved by a person)";
    return [`${outcomeWord(action.outcome)}${where}: ${action.outcome.summary}${by}`];
  }
  switch (action.status) {
    case "declined":
      return [`Declined by a person: ${actionText(action.proposal)}${where}`];
    case "expired":
      return [`Nobody decided in time: ${actionText(action.proposal)}${where}`];
    case "withheld":
      return [
        `Withheld: ${actionText(action.proposal)}${where}: ${action.refusal?.reason ?? "a guard said no"}`,
      ];
    case "proposed":
    case "awaiting-approval":
    case "approved":
    case "ordered":
    case "running":
    case "finished":
      return [];
    default:
      return action.status satisfies never;
  }
}
