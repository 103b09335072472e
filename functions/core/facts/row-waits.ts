import type { Session } from "../contract/session.ts";
import { callsOnlyHarmless } from "../text/statement-calls.ts";
import { statementParts } from "../text/statement-parts.ts";
import { isCutShort } from "../text/works-elsewhere.ts";
import { countBelow, type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import type { View } from "./view.ts";

/**
 * Whether all below wait for nothing but this one's rows, and go on when these are free: known of PostgreSQL alone, and of
 * nobody who was only counted. Two who both keep rows of their own may deadlock then.
 */
export function onlyRowsBelow({ evidence }: View, graph: LockGraph, member: LockMember): boolean {
  const below = subtree(graph, member.key);
  if (evidence.target.engine !== "postgres" || countBelow(graph, member.key) > below.length) return false;
  const bare = below.length === 1 || below.every(({ session }) => session?.autocommit === true);
  return bare && below.every((one) => goesOnFor(one, member));
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
  if (!isPlain(session)) return false;
  // Without a row of its own, it waits for everybody who has changed something: a slot, an index that is checked.
  if (waitsFor.objectKind === "transaction") return parent === key && usersRow.test(waitsFor.object);
  return waitsFor.objectKind === "row" && usersRow.test(waitsFor.object);
}

/** "row (0,1) of public.orders", which postgresRowName writes, or "transaction 700 (row …)"; no row of a catalogue. */
const usersRow = /^(?:transaction \d+ \()?row \(\d+,\d+\) of (?!pg_catalog\.)/;

/** Its text is there to its end, and nothing in it takes a table or calls what may wait for something else. */
function isPlain({ query, cut }: Session): boolean {
  const parts = statementParts(query ?? "");
  return (
    cut !== true &&
    !isCutShort(query) &&
    parts.length > 0 &&
    parts.every((part) => plain.test(part) && callsOnlyHarmless(part))
  );
}

const plain = /^(select|insert|update|delete|merge|with)\b/i;

/** Who waits for the row to have it for itself: an election or a lease by a row looks so, whatever its holder said last. */
export function wantsToKeep(graph: LockGraph, { key }: LockMember): boolean {
  return subtree(graph, key).some(({ session }) =>
    /\bfor\s+(no\s+key\s+)?(update|share)\b/i.test(session?.query ?? ""),
  );
}
