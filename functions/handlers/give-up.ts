import { failureInputSchema } from "../core/contract/workflow.ts";
import type { AnnounceDeps } from "../core/respond/announce.ts";
import { giveUp } from "../core/respond/close-incident.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: AnnounceDeps): (event: unknown) => Promise<{ incidentId: string }> {
  return async (event) => {
    const failure = failureInputSchema.parse(event);
    await giveUp(failure, deps);
    return { incidentId: failure.incidentId };
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
