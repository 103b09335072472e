import { type IncidentRef, incidentRefSchema } from "../core/contract/workflow.ts";
import type { AnnounceDeps } from "../core/respond/announce.ts";
import { closeIncident } from "../core/respond/close-incident.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: AnnounceDeps): (event: unknown) => Promise<IncidentRef> {
  return async (event) => {
    const ref = incidentRefSchema.parse(event);
    await closeIncident(ref.incidentId, deps);
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
