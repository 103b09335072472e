import type { Incident, IncidentAction } from "./incident.ts";
import { mayHaveActed } from "./work-order.ts";

/**
 * How an action stands to being taken back: "none": there is nothing to take back; "offered": a click asks for it;
 * "asked": somebody has, whatever became of it; "over": nobody takes clicks for it any more.
 * Clicks are taken again where one came to nothing, and for what was made larger for days after the end: its peaks pass.
 */
export type UndoState = "none" | "offered" | "asked" | "over";

export function undoState(
  { actions, status, step }: Pick<Incident, "actions" | "status" | "step">,
  action: IncidentAction,
): UndoState {
  const { status: actionStatus, outcome, wayBack } = action;
  if (actionStatus !== "finished" || outcome?.undo === undefined || !mayHaveActed(outcome)) return "none";
  const asked = actions.filter(({ undoes }) => undoes === outcome.orderId);
  if (asked.some((one) => !cameToNothing(one))) return "asked";
  // Also when the responder itself has given the incident up.
  const isOver =
    (status === "resolved" && wayBack?.over !== false) || (status === "escalated" && step.kind === "resolve");
  return isOver ? "over" : "offered";
}

/** It has ended and is certain to have sent nothing: whoever wants it presses again. What a person declined stays so. */
function cameToNothing({ status, outcome }: IncidentAction): boolean {
  if (status !== "withheld" && status !== "expired" && status !== "finished") return false;
  if (outcome === null) return status !== "finished";
  return !mayHaveActed(outcome) && outcome.status !== "already-done";
}

/** The press that may have taken it back without a proof of it: no button does that a second time. */
export function unprovedUndo({ actions }: Pick<Incident, "actions">, orderId: string): IncidentAction | null {
  const isUnproved = ({ undoes, status, outcome }: IncidentAction) =>
    undoes === orderId &&
    (status === "finished" || status === "withheld") &&
    outcome !== null &&
    mayHaveActed(outcome) &&
    outcome.status !== "done" &&
    outcome.status !== "already-done";
  return actions.find(isUnproved) ?? null;
}

/** Of the request by which an order was asked to be taken back last; 0: nobody has. */
export function undoNumber({ actions }: Pick<Incident, "actions">, orderId: string): number {
  const id = actions.find(({ undoes }) => undoes === orderId)?.approvalId;
  return id === undefined || id === null ? 0 : Number(/-undo-(\d+)$/.exec(id)?.[1] ?? 1);
}

export function undoApprovalId(orderId: string, number: number): string {
  return number <= 1 ? `${orderId}-undo` : `${orderId}-undo-${number}`;
}

const larger: ReadonlySet<string> = new Set([
  ...["scale-instance-class", "scale-serverless-capacity", "tune-storage"],
]);

/** Made larger by this action, by a half of it that failed, too: costs more from now on, and can be given back. */
export function madeLarger({ outcome, undoes }: IncidentAction): boolean {
  if (outcome?.undo === undefined || undoes !== undefined || !larger.has(outcome.actionId)) return false;
  return /^(done|not-verified|already-done|failed)$/.test(outcome.status) && mayHaveActed(outcome);
}
