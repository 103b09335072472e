import { askInputSchema } from "../core/contract/workflow.ts";
import type { AnnounceDeps } from "../core/respond/announce.ts";
import { askApproval } from "../core/respond/ask-approval.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: AnnounceDeps): (event: unknown) => Promise<{ approvalId: string }> {
  return (event) => askApproval(askInputSchema.parse(event), deps);
}

export const handler = lazily(async () =>
  createHandler({
    ...wiring.basics(),
    incidents: wiring.incidents(),
    settings: wiring.settings(),
    chat: await wiring.chat(),
  }),
);
