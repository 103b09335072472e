import type { FailoverRun } from "../contract/failover.ts";

/** Somebody has to see to it: it has not ended, or it left something to watch for, or the lock. */
export function isOpen(run: Pick<FailoverRun, "phase" | "duties" | "keepsLock"> | null): boolean {
  return run !== null && (run.phase !== "ended" || run.duties.length > 0 || run.keepsLock);
}
