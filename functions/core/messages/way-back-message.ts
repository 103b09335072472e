import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { undoState } from "../contract/undo-state.ts";
import { lastWordAt } from "../contract/way-back.ts";
import { databaseOf } from "./action-words.ts";
import { code, labelled, note } from "./sections.ts";
import { undoButtons } from "./undo-buttons.ts";
import { statusWord } from "./wording.ts";

/** The way back, proposed with what the day needed; pressed it goes the way of every undo. */
export function wayBackMessage(incident: Incident, action: IncidentAction): Message | null {
  const { outcome, wayBack } = action;
  if (outcome?.undo === undefined || wayBack?.card === undefined || wayBack.card === null) return null;
  const state = undoState(incident, action);
  return {
    schema: "message.v1",
    kind: "update",
    incidentId: incident.id,
    headline: `${state === "offered" ? "Approval needed" : "Was proposed"}: give back what was made larger on ${databaseOf(incident, action)}`,
    severity: null,
    status: statusWord(incident.status),
    sections: [
      labelled("What", outcome.undo.describes),
      labelled("What the day needed", wayBack.says ?? "It was not seen."),
      code("Exactly this will be sent, if the gate agrees and the day still fits", outcome.undo.preview),
      note(
        state === "offered"
          ? `Where it was an outage to grow, it is one to go back. One approver decides, until ${lastWordAt(wayBack).slice(0, 10)}; left alone, it stays as it is.`
          : state === "asked"
            ? "Somebody has asked for it; what becomes of that is told below."
            : "Nobody is asked about it any more.",
      ),
    ],
    buttons: undoButtons(incident, action, "Give it back"),
  };
}
