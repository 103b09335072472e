import { type IncidentRef, incidentRefSchema } from "../core/contract/workflow.ts";
import { type AnnounceDeps, announce } from "../core/respond/announce.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: AnnounceDeps): (event: unknown) => Promise<IncidentRef> {
  return async (event) => {
    const ref = incidentRefSchema.parse(event);
    await announce(ref.incidentId, deps);
    return ref;
  };
}

export const handler = lazily(async () =>
  createHandler({
    ...wiring.basics(),
    incidents: wiring.incidents(),
    settings: wiring.settings(),
    chat: await wiring.chat(),
  }),
);
