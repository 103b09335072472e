import { type Authorization, incidentRefSchema } from "../core/contract/workflow.ts";
import { type AuthorizeDeps, authorize } from "../core/respond/authorize.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: AuthorizeDeps): (event: unknown) => Promise<Authorization> {
  return (event) => authorize(incidentRefSchema.parse(event).incidentId, deps);
}

export const handler = lazily(async () =>
  createHandler({
    ...wiring.basics(),
    incidents: wiring.incidents(),
    settings: wiring.settings(),
    killSwitch: wiring.killSwitch(),
  }),
);
