import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverInput } from "../contract/failover-input.ts";

/** What it was asked for, with what its last redrive overrides: that counts for this time alone, and no later one. */
export function inputNow({ input, forcedAgain }: Pick<FailoverRun, "input" | "forcedAgain">): FailoverInput {
  if (forcedAgain.length === 0 || input.force === true) return input;
  const before = Array.isArray(input.force) ? input.force : [];
  return { ...input, force: [...new Set([...before, ...forcedAgain])] };
}
