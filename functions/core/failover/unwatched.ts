import type { FailoverRun } from "../contract/failover.ts";

/** So long after it was last looked at a wall that stands is taken for the one that a restart was behind. */
export const unwatchedMs = 600_000;

/** By looks that saw it alone: whoever claims a run, marks it or looks in vain has seen nothing of the group. */
export function lastSeen({ sawAt, lookedAt, phaseSince }: FailoverRun): number {
  return sawAt ?? lookedAt ?? phaseSince;
}

/** What people did meanwhile nobody knows. */
export function isUnwatched(run: FailoverRun, now: number): boolean {
  return now - lastSeen(run) >= unwatchedMs;
}
