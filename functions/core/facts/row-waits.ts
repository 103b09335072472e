import { statementParts } from "../text/statement-parts.ts";
import type { LockGraph, LockMember } from "./lock-graph.ts";

/**
 * Whether a waiter goes on when this holder's rows are free. Who wants a table, or waits for everybody who looks at it,
 * may find the next one taken as well, and hold up others meanwhile. Who waits for a waiter's own rows waits on, as long as
 * that transaction is open; who only stands behind it at the same row of PostgreSQL has its turn after it.
 */
export function goesOnFor(waiter: LockMember, { key }: LockMember): boolean {
  const { session, waitsFor, parent } = waiter;
  if (session === null || waitsFor === null || session.kind !== "client") return false;
  if (waitsFor.objectKind === "transaction") return parent === key && !waitsFor.object.startsWith("virtual");
  if (waitsFor.objectKind !== "row") return false;
  return isPostgresRow(waitsFor.object) || (parent === key && goesOnInInnodb(waiter));
}

/** "row (0,1) of public.orders", which postgresRowName writes. */
function isPostgresRow(object: string): boolean {
  return /^row \(\d+,\d+\) of /.test(object);
}

/**
 * Rows that are to be inserted are locked in shared mode by all who wait: when the holder rolls back, each has that lock and
 * wants more, and all but one are rolled back for a deadlock, with everything that they had done. So it is where a child
 * waits for its parent, which then is not there.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html
 */
function goesOnInInnodb({ session, waitsFor }: LockMember): boolean {
  const parts = statementParts(session?.query ?? "");
  const plain = parts.length > 0 && parts.every((part) => /^(update|delete|select)\b/i.test(part));
  return plain && !/^s\b/i.test(waitsFor?.mode ?? "s");
}

/** Its last statement took a row FOR UPDATE, and who waits says the same: an election by a row looks so. */
export function asksTheSame({ children }: LockGraph, { key, session }: LockMember): boolean {
  const text = session?.query ?? null;
  if (text === null || !/\bfor\s+(no\s+key\s+)?update\b/i.test(text)) return false;
  return (children.get(key) ?? []).some((child) => child.session?.query === text);
}
