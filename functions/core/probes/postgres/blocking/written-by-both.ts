import type { PostgresLocks } from "./lock-input.ts";
import type { PostgresLockRow } from "./lock-rows.ts";
import { nextInLine } from "./row-sharers.ts";

/** More names than a sentence takes tell nothing. */
const mostTables = 3;

/**
 * For each waiter for a transaction: the tables of which it and whom it waits for both write or lock rows. The row is of one of them: nothing else
 * tells which, where it waits at the newest version of a row that has just changed hands, without a tuple lock, and its statement
 * may name another table than the one that a trigger writes. Nothing for who shares more tables than are told.
 * https://github.com/postgres/postgres/blob/master/src/backend/access/heap/heapam_handler.c, heapam_tuple_lock
 */
export function writtenByBoth({
  rows,
  ownerOf,
}: Pick<PostgresLocks, "rows" | "ownerOf">): ReadonlyMap<string, readonly string[]> {
  const waits = rows.filter(({ granted, locktype }) => !granted && locktype === "transactionid");
  if (waits.length === 0) return new Map();
  const next = nextInLine(rows, ownerOf);
  const writersOf = Map.groupBy(rows.filter(hasRows), ({ relation_name }) => relation_name ?? "");
  const tables = [...writersOf].map(([table, all]) => ({ table, owners: new Set(all.map(ownerOf)) }));
  return new Map(
    waits.map(ownerOf).flatMap((waiter): [string, readonly string[]][] => {
      const holder = next.get(waiter) ?? "";
      const both = tables.filter(({ owners }) => owners.has(waiter) && owners.has(holder));
      const names = both.map(({ table }) => table).toSorted();
      return names.length === 0 || names.length > mostTables ? [] : [[waiter, names]];
    }),
  );
}

/** By FOR UPDATE, FOR SHARE, or as the parent of what is inserted, too. Indexes have no name here. */
function hasRows({ granted, locktype, mode, relation_name }: PostgresLockRow): boolean {
  const rows = mode === "RowExclusiveLock" || mode === "RowShareLock";
  return granted && locktype === "relation" && rows && relation_name !== null;
}
