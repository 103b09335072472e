import type { Incident, IncidentAction } from "../contract/incident.ts";
import { madeLarger, undoState } from "../contract/undo-state.ts";
import { mostDays } from "../contract/way-back.ts";
import { mayHaveActed } from "../contract/work-order.ts";
import { databaseOf } from "./action-words.ts";
import { undoByHand } from "./undo-by-hand.ts";

/** What was made larger and costs more from now on: proposed to be given back, and never done by itself. */
export function toGiveBack(incident: Incident): string[] {
  return incident.actions.flatMap((action) => lineOf(incident, action));
}

function lineOf(incident: Incident, action: IncidentAction): string[] {
  const { outcome, proposal, undoes } = action;
  if (outcome === null || undoes !== undefined) return [];
  const isLarger = /^(done|not-verified|already-done)$/.test(outcome.status) && mayHaveActed(outcome);
  if (proposal.id === "grow-storage" && isLarger)
    return [`The storage of ${databaseOf(incident, action)} stays as large: no call makes a volume smaller.`];
  if (outcome.undo === undefined || !madeLarger(action)) return [];
  // Asked, whatever became of it: the thread tells.
  if (undoState(incident, action) === "asked") return [];
  return [
    `${outcome.undo.describes}: when a whole day has passed that fits it. That is looked at a day from now and proposed here, at most ${mostDays} days long, in which Undo works, too. By hand: ${undoByHand(incident, action)} --dry-run shows the peaks of the last 24 hours, and without --dry-run does it. It is refused below them, and where they are not known.`,
  ];
}
