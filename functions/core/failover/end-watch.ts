import type { FailoverRun } from "../contract/failover.ts";
import { InvalidInputError } from "../errors.ts";
import { isLeftToPeople } from "./between-two.ts";

/**
 * A person says that the old primary is gone, or theirs to look after: nothing is watched for any more, and where the
 * choice was left to people they stay with it. The sweeper gives its lock back, if it has it still: nobody else would.
 * Throws InvalidInputError where it goes on still.
 */
export function watchEnded(run: FailoverRun, now: number): FailoverRun {
  const { id, phase } = run;
  if (phase !== "ended") throw new InvalidInputError(`${id} goes on in ${phase}: nothing is watched for yet`);
  const staysAt = isLeftToPeople(run) ? now : run.staysAt;
  return { ...run, duties: [], keepsLock: true, staysAt };
}
