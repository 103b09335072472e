import type { Incident, IncidentAction } from "./incident.ts";
import { mayHaveActed } from "./work-order.ts";

/**
 * How an action stands to being taken back: "none": there is nothing to take back; "offered": a click asks for it;
 * "asked": somebody has, whatever became of it; "over": nobody takes clicks for it any more.
 * For what was made larger they are taken for days after the end.
 */
export type UndoState = "none" | "offered" | "asked" | "over";

export function undoState(
  { actions, status, step }: Pick<Incident, "actions" | "status" | "step">,
  { status: actionStatus, outcome, wayBack }: IncidentAction,
): UndoState {
  if (actionStatus !== "finished" || outcome?.undo === undefined || !mayHaveActed(outcome)) return "none";
  if (actions.some(({ undoes }) => undoes === outcome.orderId)) return "asked";
  // Also when the responder itself has given the incident up.
  const isOver =
    (status === "resolved" && wayBack?.over !== false) || (status === "escalated" && step.kind === "resolve");
  return isOver ? "over" : "offered";
}

const larger: ReadonlySet<string> = new Set([
  ...["scale-instance-class", "scale-serverless-capacity", "tune-storage"],
]);

/** Made larger by this action, costs more from now on, and can be given back. */
export function madeLarger({ outcome, undoes }: IncidentAction): boolean {
  if (outcome?.undo === undefined || undoes !== undefined || !larger.has(outcome.actionId)) return false;
  return /^(done|not-verified|already-done)$/.test(outcome.status);
}
