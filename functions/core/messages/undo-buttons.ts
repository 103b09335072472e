import type { Incident, IncidentAction } from "../contract/incident.ts";
import { undoNumber, undoState, unprovedUndo } from "../contract/undo-state.ts";
import type { Outcome } from "../contract/work-order.ts";
import { databaseOf } from "./action-words.ts";
import type { Button } from "./sections.ts";

const longestConfirm = 280;

/** Never pressed by the responder itself. The dialog shows what would be sent, whole or said to be cut. */
export function undoButtons(incident: Incident, action: IncidentAction, label = "Undo"): Button[] {
  const { outcome } = action;
  if (outcome?.undo === undefined || undoState(incident, action) !== "offered") return [];
  const asks = `On ${databaseOf(incident, action)}, if the gate agrees: ${outcome.undo.preview.replaceAll(/\s+/g, " ")}`;
  const confirm =
    asks.length <= longestConfirm ? asks : `${asks.slice(0, 230)}… (the message shows it whole)`;
  const value = `${incident.id}/${outcome.orderId}`;
  return [{ id: "undo", label, style: "danger", value, confirm }];
}

/**
 * Under what its message is sent anew: the button goes when it was pressed, and when nobody takes it any more; it comes again where that came to nothing. What
 * may have been taken back without a proof is said once more, with the commands.
 */
export function undoButtonChange(incident: Incident, action: IncidentAction, { orderId }: Outcome): string {
  const undo = undoState(incident, action);
  const number = undoNumber(incident, orderId);
  if (undo === "over") return ":over";
  if (undo === "offered") return number > 0 ? `:again-${number}` : "";
  if (undo !== "asked") return "";
  const unproved = unprovedUndo(incident, orderId) === null ? "" : ":unproved";
  return `${number > 1 ? `:asked-${number}` : ":asked"}${unproved}`;
}
