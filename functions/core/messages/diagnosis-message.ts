import type { Evidence } from "../contract/evidence.ts";
import { type Diagnosis, type Finding, isHygiene, type ProposedAction } from "../contract/finding.ts";
import type { Message, MessageSection } from "../contract/message.ts";
import { proofFields } from "./proof-fields.ts";
import { code, fields, list, note, text } from "./sections.ts";
import { roleOf, severityWord } from "./wording.ts";

/** A diagnosis by itself, without an incident: what the command line prints. */
export function diagnosisMessage(diagnosis: Diagnosis, evidence: Evidence, tookMs: number): Message {
  const { target, severity, missing, path } = diagnosis;
  const server = target.engineVersion === null ? target.engine : `${target.engine} ${target.engineVersion}`;
  return {
    schema: "message.v1",
    kind: "alert",
    incidentId: "none",
    headline: diagnosis.headline,
    severity,
    status: statusOf(diagnosis),
    sections: [
      note(`${target.name} (${server})`),
      ...diagnosis.findings.flatMap((finding, index, all) => [
        ...(index === hygieneFrom(all) ? [text(hygieneTitle)] : []),
        ...findingSections(finding, index + 1),
      ]),
      ...list(
        "How it was decided",
        path.map(({ question, answer }) => `${question} ${answer}`),
        20,
      ),
      ...list(
        "What could not be seen",
        missing.map(
          ({ what, reason, howToSee }) =>
            `${what}: ${reason}${howToSee === null ? "" : `. To see it: ${howToSee}`}`,
        ),
        20,
      ),
      note(costOf(evidence, tookMs)),
    ],
    buttons: [],
  };
}

const hygieneTitle = "Hygiene, which has long been so and hurts nobody now:";

/** Where nothing but hygiene follows. */
function hygieneFrom(findings: readonly Finding[]): number {
  return findings.findLastIndex((finding) => !isHygiene(finding)) + 1;
}

function statusOf({ verdict, severity }: Diagnosis): string {
  if (verdict === "unknown") return "cannot judge";
  return severity === null ? "healthy" : severityWord(severity);
}

function findingSections(finding: Finding, number: number): MessageSection[] {
  const sure = `${Math.round(finding.confidence * 100)} % sure`;
  return [
    text(`${number}. [${finding.severity}, ${roleOf(finding)}, ${sure}] ${finding.summary}`),
    ...list(
      "Evidence",
      finding.evidence.map((item) => `${item.says} (${item.source})`),
      8,
    ),
    ...finding.actions.slice(0, 3).flatMap(actionSections),
  ];
}

function actionSections(action: ProposedAction): MessageSection[] {
  const proofs = proofFields(action);
  return [
    code(
      `${action.automatic ? "Remedy" : "For a person"}: ${action.describes}. ${action.consequence}`,
      action.preview,
    ),
    ...(proofs.length === 0 ? [] : [fields(...proofs)]),
  ];
}

function costOf(evidence: Evidence, tookMs: number): string {
  const statements = evidence.probes.reduce((sum, probe) => sum + probe.statements, 0);
  const databaseMs = evidence.probes.reduce((sum, probe) => sum + probe.tookMs, 0);
  return `Took ${tookMs} ms; cost the database one connection, ${statements} statements, ${Math.round(databaseMs)} ms.`;
}
