import { type FailoverState, failoverStepSchema } from "../core/contract/failover-machine.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { failoverStep } from "../core/failover/failover-step.ts";
import { knownSituation } from "../core/failover/known-situation.ts";
import type { MachineDeps } from "../core/failover/machine-steps.ts";
import type { RunsSwept, SweepRunsDeps } from "../core/failover/sweep-runs.ts";
import * as wiring from "../wiring.ts";
import { failoverPorts } from "../wiring-failover.ts";
import { lazily } from "./lazily.ts";

export type FailoverDeps = MachineDeps & SweepRunsDeps;

/** Every step of a failover, and by the clock the look after those that were left alone. Outside the VPC. */
export function createHandler(deps: FailoverDeps): (event: unknown) => Promise<FailoverState | RunsSwept> {
  return async (event) => failoverStep(parseInput(failoverStepSchema, event), deps);
}

export const handler = lazily(() => {
  const ports = failoverPorts();
  const incidents = wiring.incidents();
  const killSwitch = wiring.killSwitch();
  return createHandler({
    ...wiring.basics(),
    ...{ ports, incidents, settings: wiring.settings(), killSwitch },
    workflow: wiring.workflow(),
    situation: (run) => knownSituation(run, { incidents, killSwitch, lock: ports.lock, runs: ports.runs }),
  });
});
