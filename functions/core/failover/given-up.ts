import type { FailoverRun } from "../contract/failover.ts";

/** It failed and never came to give its lock back: what it was doing may still happen, and its redrive alone goes on. */
export function isGivenUp({ phase, ending, sent }: FailoverRun): boolean {
  return phase === "ended" && ending?.status === "failed" && sent["release"] === undefined;
}
