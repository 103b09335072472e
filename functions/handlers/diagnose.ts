import { assessmentSchema, type Decision } from "../core/contract/workflow.ts";
import { type DiagnoseDeps, diagnoseIncident } from "../core/respond/diagnose-incident.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: DiagnoseDeps): (event: unknown) => Promise<Decision> {
  return (event) => diagnoseIncident(assessmentSchema.parse(event), deps);
}

export const handler = lazily(async () =>
  createHandler({ ...wiring.basics(), incidents: wiring.incidents(), evidence: wiring.evidence() }),
);
