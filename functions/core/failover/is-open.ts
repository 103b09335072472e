import type { FailoverRun } from "../contract/failover.ts";

/** Somebody has to see to it: it has not ended, or nobody heard so, or it left something to watch for, or the lock. */
export function isOpen(run: Pick<FailoverRun, "phase" | "duties" | "keepsLock" | "untold"> | null): boolean {
  if (run === null) return false;
  return run.phase !== "ended" || run.duties.length > 0 || run.keepsLock || run.untold !== null;
}
