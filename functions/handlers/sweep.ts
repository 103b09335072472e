import { type SweepDeps, type SweepResult, sweep } from "../core/respond/sweep.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

/** Started when an execution has failed, and by the clock; what the event says does not matter. */
export function createHandler(deps: SweepDeps): (event: unknown) => Promise<SweepResult> {
  return () => sweep(deps);
}

export const handler = lazily(() =>
  createHandler({
    ...wiring.basics(),
    incidents: wiring.incidents(),
    settings: wiring.settings(),
    workflow: wiring.workflow(),
  }),
);
