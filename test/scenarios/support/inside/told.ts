import type { Diagnosis, Finding } from "../../../../functions/core/contract/finding.ts";

/** What is said of a finding, by it and by what it would do. */
export function said({ summary, evidence, actions }: Finding): string {
  const done = actions.flatMap(({ preview, describes, consequence }) => [preview, describes, consequence]);
  return [summary, ...evidence.map(({ says }) => says), ...done].join("\n");
}

/** Beyond hygiene: what somebody is woken for. */
export function alarming({ findings }: Diagnosis): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== "P3");
}

export function firstRoot({ rootCauses, findings }: Diagnosis): Finding | null {
  return findings.find(({ key }) => key === rootCauses[0]) ?? null;
}
