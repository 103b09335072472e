import { actsOn } from "../actions/action-key.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";
import { shellWord } from "../text/aws-call.ts";
import { databaseOf } from "./action-words.ts";

/** The commands that take back what an action of this incident did, where no button does: by the same guards, and told first. */
export function undoByHand(incident: Incident, action: IncidentAction): string {
  const { outcome, key, proposal } = action;
  const isOnAws = actsOn(outcome?.undo?.actionId ?? proposal.id) === "aws";
  const place = isOnAws ? `--database ${shellWord(databaseOf(incident, action))}` : "--url URL";
  return `responder incidents show --incident ${incident.id} --table TABLE --format json writes the FILE; responder undo FILE ${place} --action ${shellWord(key)}`;
}
