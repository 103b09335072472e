import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { refusalSections } from "./action-result-message.ts";
import { actionHeadline } from "./action-words.ts";
import { proofFields } from "./proof-fields.ts";
import { code, fields, labelled } from "./sections.ts";
import { statusWord } from "./wording.ts";

/** An action that the gate or the mode kept back before it was ever ordered. */
export function withheldMessage(incident: Incident, action: IncidentAction): Message {
  const proofs = proofFields(action.proposal);
  return {
    schema: "message.v1",
    kind: "action-result",
    incidentId: incident.id,
    headline: `Not done: ${actionHeadline(incident, action)}`,
    severity: incident.severity,
    status: statusWord(incident.status),
    sections: [
      labelled("Whom", action.proposal.describes),
      ...(action.refusal === null
        ? [labelled("Because", `Mode ${action.mode} does not permit it here.`)]
        : refusalSections(action.refusal)),
      code("By hand, this would do it", action.proposal.preview),
      labelled("It would cause", action.proposal.consequence),
      ...(proofs.length === 0 ? [] : [fields(...proofs)]),
    ],
    buttons: [],
  };
}
