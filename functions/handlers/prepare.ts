import { type Assignment, incidentRefSchema } from "../core/contract/workflow.ts";
import { type PrepareDeps, prepare } from "../core/respond/prepare.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: PrepareDeps): (event: unknown) => Promise<Assignment> {
  return (event) => prepare(incidentRefSchema.parse(event), deps);
}

export const handler = lazily(async () =>
  createHandler({ incidents: wiring.incidents(), settings: wiring.settings() }),
);
