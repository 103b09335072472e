import type { FailoverState, FailoverStep } from "../contract/failover-machine.ts";
import { begin, giveUp, goOn, type MachineDeps } from "./machine-steps.ts";
import { type RunsSwept, type SweepRunsDeps, sweepRuns } from "./sweep-runs.ts";

/** One call of the failover's function. */
export async function failoverStep(
  asked: FailoverStep,
  deps: MachineDeps & SweepRunsDeps,
): Promise<FailoverState | RunsSwept> {
  switch (asked.step) {
    case "begin":
      return begin(asked, deps);
    case "go-on":
      return goOn(asked, deps);
    case "give-up":
      return giveUp(asked, deps);
    case "sweep":
      return sweepRuns(deps);
    default:
      return asked satisfies never;
  }
}
