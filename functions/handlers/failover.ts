import { type FailoverState, failoverStepSchema } from "../core/contract/failover-machine.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { failoverStep } from "../core/failover/failover-step.ts";
import type { MachineDeps } from "../core/failover/machine-steps.ts";
import type { RunsSwept, SweepRunsDeps } from "../core/failover/sweep-runs.ts";

export type FailoverDeps = MachineDeps & SweepRunsDeps;

/** Every step of a failover, and by the clock the look after those that were left alone. Outside the VPC. */
export function createHandler(deps: FailoverDeps): (event: unknown) => Promise<FailoverState | RunsSwept> {
  return async (event) => failoverStep(parseInput(failoverStepSchema, event), deps);
}
