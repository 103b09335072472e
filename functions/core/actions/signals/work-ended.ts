import type { Victim } from "./victim.ts";

/**
 * Whether the session is still in the work that was judged: the same statement, or idle in the same transaction and
 * with its locks. PostgreSQL: a statement that was cancelled ends its transaction, and the locks go with it, however
 * long the client takes to say ROLLBACK; unless a savepoint keeps what came before it, and the client works on in it.
 */
export function holdsOn(victim: Victim | null): boolean {
  if (victim === null || !victim.sameSession) return false;
  if (victim.state === "active" || victim.state === "other")
    return victim.sameStatement !== false || victim.sameTransaction === true;
  return inTransaction(victim) && victim.sameTransaction !== false && victim.holdsLocks !== false;
}

export function inTransaction({ state }: Victim): boolean {
  return state === "idle-in-transaction" || state === "idle-in-transaction-aborted";
}

export function statementEnded(victim: Victim | null): boolean {
  return (
    victim === null ||
    !victim.sameSession ||
    victim.sameStatement === false ||
    (victim.state !== "active" && victim.state !== "other")
  );
}
