import type { IncidentAction } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";

/** What an acting look says against acting without a person, and against nothing else. */
const againstUnasked = new Set([
  ...["advisory-lock", "session-data", "never-alone", "cannot-see"],
  ...["not-undone", "others-hold", "nobody-waits"],
]);

/**
 * Why something that policy allowed unasked was refused by the guards of the acting look, though a person may decide
 * for it: it is asked about then, and not given up. Null when that is not so.
 */
export function refusedUnasked(action: IncidentAction | undefined): Refusal | null {
  if (action === undefined) return null;
  const { status, outcome, decidedBy } = action;
  if (status !== "finished" || outcome?.status !== "refused" || decidedBy !== null) return null;
  return outcome.refusal !== null && againstUnasked.has(outcome.refusal.guard) ? outcome.refusal : null;
}
