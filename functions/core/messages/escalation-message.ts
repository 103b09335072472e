import type { Incident } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { actionText } from "./action-words.ts";
import { whatWasDone } from "./done.ts";
import { causesOf, diagnosisToShow, impactNow } from "./impact.ts";
import { labelled, list, text } from "./sections.ts";
import { clockTime, sentence, statusWord } from "./wording.ts";

/** Hands the incident to a person: what is known, what was tried, what could be done by hand. */
export function escalationMessage(incident: Incident, reason: string): Message {
  const diagnosis = diagnosisToShow(incident);
  const done = whatWasDone(incident);
  return {
    schema: "message.v1",
    kind: "escalation",
    incidentId: incident.id,
    headline: `A person is needed: ${incident.target.name}: ${reason}`,
    severity: incident.severity,
    status: statusWord(incident.status),
    sections: [
      text(sentence(reason)),
      labelled("Probable cause", diagnosis?.headline ?? "Not known."),
      labelled("Impact", `${impactNow(incident)} Since ${clockTime(incident.openedAt)}.`),
      ...list("Tried so far", done.length === 0 ? ["Nothing."] : done, 8),
      ...list("Can be done by hand", byHand(incident), 5),
      ...list("Could not be seen", incident.diagnosis?.missing ?? [], 5),
    ],
    buttons: [],
  };
}

/** Nothing where it is well again: who was to be ended is somebody else by now. */
function byHand(incident: Incident): string[] {
  if (incident.diagnosis?.verdict === "well") return [];
  const finished = new Set(
    incident.actions
      .filter((action) => action.outcome?.status === "done")
      .map((action) => action.proposal.preview),
  );
  return causesOf(diagnosisToShow(incident))
    .flatMap((finding) => finding.actions)
    .filter((action) => !finished.has(action.preview))
    .map((action) => `${actionText(action)}: ${action.preview}`);
}
