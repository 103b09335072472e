import { parseInput } from "../core/contract/parse-input.ts";
import type { Outcome } from "../core/contract/work-order.ts";
import { actInputSchema } from "../core/contract/workflow.ts";
import { type ActOnAwsDeps, actOnAws } from "../core/respond/act-on-aws.ts";
import { basics } from "../wiring.ts";
import { failovers, peakMetrics, rdsChanges, schedules, webhooks } from "../wiring-changes.ts";
import { lazily } from "./lazily.ts";

/** Carries out one order on AWS. Outside the VPC; without an order that is still valid it sends nothing. */
export function createHandler(deps: ActOnAwsDeps): (event: unknown) => Promise<Outcome> {
  return async (event) => actOnAws(parseInput(actInputSchema, event), deps);
}

export const handler = lazily(() =>
  createHandler({
    ...basics(),
    ...{ rdsChanges: rdsChanges(), webhooks: webhooks(), failovers: failovers() },
    ...{ schedules: schedules(), metrics: peakMetrics() },
  }),
);
