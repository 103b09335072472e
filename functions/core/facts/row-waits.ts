import { countBelow, type LockGraph, type LockMember, subtree } from "./lock-graph.ts";

/**
 * Whether all below wait for nothing but this one's rows, and go on when these are free. Of those that were only counted it
 * is known on PostgreSQL alone: whoever stands in line for a row waits for the row itself there, and for nothing else.
 */
export function onlyRowsBelow(graph: LockGraph, member: LockMember): boolean {
  const below = subtree(graph, member.key);
  if (!below.every((one) => goesOnFor(one, member))) return false;
  if (countBelow(graph, member.key) === below.length) return true;
  const inLine = below.some(({ waitsFor }) => usersRow.test(waitsFor?.object ?? ""));
  return inLine && (graph.hiddenWaitFor?.every((kind) => kind === "row") ?? false);
}

/**
 * Whether a waiter goes on, on PostgreSQL, when this holder's rows are free. Who wants a table, or waits for everybody who looks at it,
 * may find the next one taken as well, and hold up others meanwhile. Who waits for a waiter's own rows waits on, as long as
 * that transaction is open; who only stands behind it at the same row has its turn after it.
 *
 * Of InnoDB it is never shown: where a row was inserted, be it by a trigger of what seems a plain UPDATE, each who waits for
 * it gets a shared lock when it is rolled back and wants more, and all but one are rolled back for a deadlock, with
 * everything that they had done; and where a child waits for its parent, that is not there then.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html
 */
function goesOnFor(waiter: LockMember, { key }: LockMember): boolean {
  const { session, waitsFor, parent } = waiter;
  if (session === null || waitsFor === null || session.kind !== "client") return false;
  // Without a row of its own, it waits for everybody who has changed something: a slot, an index that is checked.
  if (waitsFor.objectKind === "transaction") return parent === key && usersRow.test(waitsFor.object);
  return waitsFor.objectKind === "row" && usersRow.test(waitsFor.object);
}

/** "row (0,1) of public.orders", which postgresRowName writes, or "transaction 700 (row …)"; no row of a catalogue. */
const usersRow = /(?:^|\()row \(\d+,\d+\) of (?!pg_catalog\.)/;

/** Its last statement took a row FOR UPDATE, and who waits says the same: an election by a row looks so. */
export function asksTheSame({ children }: LockGraph, { key, session }: LockMember): boolean {
  const text = session?.query ?? null;
  if (text === null || !/\bfor\s+(no\s+key\s+)?update\b/i.test(text)) return false;
  return (children.get(key) ?? []).some((child) => child.session?.query === text);
}
