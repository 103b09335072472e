import { type Decision, recordInputSchema } from "../core/contract/workflow.ts";
import { type RecordDeps, record } from "../core/respond/record.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: RecordDeps): (event: unknown) => Promise<Decision> {
  return (event) => record(recordInputSchema.parse(event), deps);
}

export const handler = lazily(async () =>
  createHandler({ ...wiring.basics(), incidents: wiring.incidents(), settings: wiring.settings() }),
);
