import { parseInput } from "../core/contract/parse-input.ts";
import type { Tried } from "../core/contract/way-back.ts";
import type { Outcome } from "../core/contract/work-order.ts";
import { actInputSchema, tryInputSchema } from "../core/contract/workflow.ts";
import { type ActOnAwsDeps, actOnAws, tryOnAws } from "../core/respond/act-on-aws.ts";
import { basics } from "../wiring.ts";
import { failovers, peakMetrics, rdsChanges, schedules, webhooks } from "../wiring-changes.ts";
import { lazily } from "./lazily.ts";

/** Carries out one order on AWS, or looks whether it could be. Outside the VPC; without an order that is still valid it sends nothing. */
export function createHandler(deps: ActOnAwsDeps): (event: unknown) => Promise<Outcome | Tried> {
  return async (event) => {
    const asked = tryInputSchema.safeParse(event);
    if (asked.success) return tryOnAws(asked.data.tries, deps);
    return actOnAws(parseInput(actInputSchema, event), deps);
  };
}

export const handler = lazily(() =>
  createHandler({
    ...basics(),
    ...{ rdsChanges: rdsChanges(), webhooks: webhooks(), failovers: failovers() },
    ...{ schedules: schedules(), metrics: peakMetrics() },
  }),
);
