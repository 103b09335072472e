import type { Diagnosis } from "../contract/finding.ts";
import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { percent } from "../text/wording.ts";
import { actionText } from "./action-words.ts";
import { proofFields } from "./proof-fields.ts";
import { list, text } from "./sections.ts";
import { statusWord } from "./wording.ts";

export type DecisionPath = Diagnosis["path"];

/** What a diagnosis rests on, for those who want to check it: the first answer in the thread. */
export function alertThreadMessage(
  incident: Incident,
  diagnosis: DiagnosisSummary,
  path: DecisionPath = [],
): Message {
  const causes = diagnosis.rootCauses;
  return {
    schema: "message.v1",
    kind: "update",
    incidentId: incident.id,
    headline: `What was seen on ${incident.target.name}`,
    severity: diagnosis.severity,
    status: statusWord(incident.status),
    sections: [
      ...headlineSection(diagnosis),
      ...causes.flatMap((finding) =>
        list(
          `${finding.id} (${finding.severity}, confidence ${percent(finding.confidence, 1)})`,
          [finding.summary, ...finding.evidence.map((piece) => `${piece.says} [${piece.source}]`)],
          8,
        ),
      ),
      ...list(
        "Symptoms of it",
        diagnosis.symptoms.map((symptom) => symptom.summary),
        8,
      ),
      ...list("Hygiene: has long been so, no cause of this", diagnosis.hygiene ?? [], 6),
      ...list("Possible remedies", remedies(diagnosis), 6),
      ...list(
        "Path through the decision tree",
        path.map((step) => `${step.question} ${step.answer}`),
        12,
      ),
      ...list("Could not be seen", diagnosis.missing, 8),
    ],
    buttons: [],
  };
}

/** With one cause the headline is its summary, which stands below with its evidence. */
function headlineSection(diagnosis: DiagnosisSummary) {
  return diagnosis.rootCauses.length === 1 ? [] : [text(diagnosis.headline)];
}

function remedies(diagnosis: DiagnosisSummary): string[] {
  return diagnosis.rootCauses.flatMap((finding) =>
    finding.actions.map((action) => {
      const who = action.automatic ? action.risk : `${action.risk}, by hand`;
      const proofs = proofFields(action).map(({ label, value }) => `${label}: ${value}`);
      return [`${actionText(action)} (${who}): ${action.preview}`, ...proofs].join("\n");
    }),
  );
}
