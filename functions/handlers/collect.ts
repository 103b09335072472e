import type { ContextReport } from "../core/contract/evidence.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { type Assignment, collectInputSchema, type Located } from "../core/contract/workflow.ts";
import { type CollectDeps, collect } from "../core/respond/collect.ts";
import { type LocateDeps, locate, readPolicy } from "../core/respond/locate.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

/** Whatever is read of AWS: whom to look at, what is seen from outside, what the tags permit. Changes nothing. */
export function createHandler(
  deps: CollectDeps & LocateDeps,
): (event: unknown) => Promise<ContextReport | Assignment | Located> {
  return async (event) => {
    const asked = parseInput(collectInputSchema, event);
    if (!("step" in asked)) return collect(asked, deps);
    if (asked.step === "locate") return locate(asked.input, deps);
    const { step } = asked.input;
    return readPolicy("database" in step ? step.database : undefined, deps);
  };
}

export const handler = lazily(() =>
  createHandler({
    ...wiring.basics(),
    rds: wiring.rds(),
    metrics: wiring.metrics(),
    context: wiring.databaseContext(),
    alarmStates: wiring.alarmStates(),
  }),
);
