import type { IncidentAction } from "../contract/incident.ts";
import { mayBeDoneBefore } from "../contract/work-order.ts";
import { passingGuards } from "./passing-guards.ts";

/** What an acting look says against acting without a person, and against nothing else. */
const againstUnasked = new Set([
  ...["advisory-lock", "session-data", "never-alone", "cannot-see"],
  ...["not-undone", "others-hold", "nobody-waits"],
]);

/**
 * An attempt before may have done it, and somebody may have taken that back. Also of what a person had agreed to: that
 * was before. Done again unasked, whoever takes it back and the responder could go on for ever.
 */
const againstRepeats = new Set(["maybe-set-back", "set-back"]);

/**
 * Why something was refused by the guards of the acting look, though a person may decide for it: it is asked about then,
 * whatever policy allows, and not given up. Null when that is not so.
 */
export function refusedUnasked(action: IncidentAction | undefined): IncidentAction["refusedUnasked"] | null {
  if (action === undefined) return null;
  const { status, outcome, decidedBy, updatedAt: at } = action;
  const refusal = outcome?.refusal ?? null;
  if (status !== "finished" || outcome?.status !== "refused" || refusal === null) return null;
  const { guard } = refusal;
  // Its guard will let it pass, and an attempt at it may have acted: one time was permitted, and not two.
  const isRepeat = mayBeDoneBefore(outcome) && passingGuards.has(guard);
  const asks = isRepeat || againstRepeats.has(guard) || (decidedBy === null && againstUnasked.has(guard));
  return asks ? { ...refusal, at } : null;
}
