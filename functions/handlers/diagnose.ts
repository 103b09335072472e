import { parseInput } from "../core/contract/parse-input.ts";
import { type Decision, diagnoseInputSchema } from "../core/contract/workflow.ts";
import { type DiagnoseDeps, diagnoseIncident } from "../core/respond/diagnose-incident.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

/** Evidence → what is the matter and what comes next. Speaks to nobody, touches nothing but the responder's own store. */
export function createHandler(deps: DiagnoseDeps): (event: unknown) => Promise<Decision> {
  return async (event) => diagnoseIncident(parseInput(diagnoseInputSchema, event).input, deps);
}

export const handler = lazily(() =>
  createHandler({ ...wiring.basics(), incidents: wiring.incidents(), evidence: wiring.evidence() }),
);
