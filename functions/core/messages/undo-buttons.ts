import type { Incident, IncidentAction } from "../contract/incident.ts";
import { undoState } from "../contract/undo-state.ts";
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
