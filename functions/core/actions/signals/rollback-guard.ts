import type { GuardSettings } from "../../contract/work-order.ts";
import type { Check } from "../steps.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Victim } from "./victim.ts";

/**
 * Rows that InnoDB undoes in a second, taken low: rollback runs in one thread and reads pages again that were
 * written since. Only orders an estimate by size.
 */
const rowsUndonePerSecond = 20_000;
/** A rollback shorter than this is never a reason to wait. */
const shortRollbackSeconds = 30;

export function rollbackSeconds(rowsModified: number): number {
  return Math.ceil(rowsModified / rowsUndonePerSecond);
}

/**
 * MySQL and MariaDB: a kill does not end the locks, the rollback does, and until then nothing can stop it, a restart
 * included. Known cases ran for days. Null when PostgreSQL, where nothing is undone, or when it is short.
 */
export function rollbackRefusal(victim: Victim, input: SessionTarget, guards: GuardSettings): Check | null {
  const rows = victim.rowsModified;
  if (rows === null || rows === 0) return null;
  const seconds = rollbackSeconds(rows);
  const told = `Session ${input.sessionId} has changed ${rows} rows, which have to roll back (about ${seconds} s)`;
  if (rows > guards.maxRollbackRows) {
    return refusal(`${told}; the limit is ${guards.maxRollbackRows} rows (policy.maxRollbackRows).`);
  }
  const waited = input.longestWaitSeconds;
  if (waited !== null && seconds > Math.max(waited, shortRollbackSeconds)) {
    return refusal(`${told}; the longest wait known behind it is ${Math.round(waited)} s.`);
  }
  return null;
}

function refusal(reason: string): Check {
  return {
    kind: "refuse",
    guard: "rollback-too-long",
    reason,
    release:
      "Wait until it commits, or a person kills it; raising policy.maxRollbackRows allows it from then on.",
  };
}
