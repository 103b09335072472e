import type { Incident, IncidentAction } from "./incident.ts";
import { mayHaveActed } from "./work-order.ts";

/**
 * How an action stands to being taken back: "none": there is nothing to take back; "offered": a click asks for it;
 * "asked": somebody has, whatever became of it; "over": nobody takes clicks for it any more.
 */
export type UndoState = "none" | "offered" | "asked" | "over";

export function undoState(
  { actions, status, step }: Pick<Incident, "actions" | "status" | "step">,
  { status: actionStatus, outcome }: IncidentAction,
): UndoState {
  if (actionStatus !== "finished" || outcome?.undo === undefined || !mayHaveActed(outcome)) return "none";
  if (actions.some(({ undoes }) => undoes === outcome.orderId)) return "asked";
  // Also when the responder itself has given the incident up.
  const isOver = status === "resolved" || (status === "escalated" && step.kind === "resolve");
  return isOver ? "over" : "offered";
}
