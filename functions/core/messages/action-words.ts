import type { ProposedAction } from "../contract/finding.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";
import { sentenceCase } from "../text/sentence-case.ts";

/** "Terminate session: app billing, pid 4242": what is done and to whom, whichever of them the action's own line says. */
export function actionText(proposal: Pick<ProposedAction, "id" | "describes">): string {
  const words = proposal.id.replaceAll("-", " ");
  const verb = words.split(" ")[0] ?? words;
  const says = proposal.describes.trim();
  return says.toLowerCase().startsWith(verb.toLowerCase()) ? says : `${sentenceCase(words)}: ${says}`;
}

/** "terminate session on orders-prod": short enough for a headline; whom it hits stands below it. */
export function actionHeadline(incident: Incident, action: IncidentAction): string {
  const undo = action.undoes === undefined ? "" : "undo by ";
  return `${undo}${action.proposal.id.replaceAll("-", " ")} on ${databaseOf(incident, action)}`;
}

/**
 * Name of the database that the action is for. Never simply the incident's: that is the one which is worst just now, and
 * a person who approves would agree to a statement on another server than he read.
 */
export function databaseOf({ target }: Incident, { database }: IncidentAction): string {
  return database ?? target.name;
}

/** " on orders-reader" in lines below a headline that names a database; nothing while there is only that one. */
export function whereText(incident: Incident, action: IncidentAction): string {
  const name = databaseOf(incident, action);
  return incident.databases.length > 1 || name !== incident.target.name ? ` on ${name}` : "";
}
