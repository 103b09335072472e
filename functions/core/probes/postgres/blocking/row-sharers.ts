import type { PostgresLocks } from "./lock-input.ts";
import type { PostgresLockRow } from "./lock-rows.ts";

/**
 * For each waiter for a row: how many others, as far as table locks tell, may hold the same row, or have long had one that
 * it wants next: its statement may change more rows than the one that it waits for. A row that several have
 * locked (FOR SHARE, FOR KEY SHARE, checks of foreign keys) names a list of transactions, of which pg_locks shows only the
 * one that is waited for just now. One of any two of them has locked rows for sharing, and has a RowShareLock of the table.
 * https://github.com/postgres/postgres/blob/master/src/backend/access/heap/README.tuplock
 */
export function rowSharers({
  rows,
  ownerOf,
  atWorkBeside,
}: Pick<PostgresLocks, "rows" | "ownerOf" | "atWorkBeside">): ReadonlyMap<string, number> {
  const waits = rows.filter(({ granted, locktype }) => !granted && locktype === "transactionid");
  if (waits.length === 0) return new Map();
  const modesOf = rowModes(rows, ownerOf);
  const rowOf = new Map(rows.filter(isTupleHeld).map((row) => [ownerOf(row), tableOf(row)]));
  const next = nextInLine(rows, ownerOf);
  const sharersOf = (waiter: string): number => {
    const holder = next.get(waiter);
    // Who waits at a unique index has no tuple lock: then the row may be of any table that it writes.
    const own = rowOf.get(waiter);
    const tables = own === undefined ? tablesOf(modesOf, waiter) : [own];
    const same = tables.flatMap((table) => sharing(modesOf.get(table) ?? new Map(), holder ?? ""));
    const others = [...same, ...atWorkBeside(waiter)];
    const beside = [...new Set(others)].filter((other) => other !== waiter && other !== holder);
    return beside.filter((other) => !standsBehind(next, other, holder)).length;
  };
  return new Map(waits.map((row) => [ownerOf(row), sharersOf(ownerOf(row))]));
}

type Modes = ReadonlyMap<string, ReadonlySet<string>>;

const share = "RowShareLock";
const write = "RowExclusiveLock";

function tableOf({ lock_database, relation }: PostgresLockRow): string {
  return `${lock_database}/${relation}`;
}

function isTupleHeld({ locktype, granted }: PostgresLockRow): boolean {
  return locktype === "tuple" && granted;
}

/** Table, owner, modes of those who lock or write rows. */
function rowModes(
  rows: readonly PostgresLockRow[],
  ownerOf: PostgresLocks["ownerOf"],
): ReadonlyMap<string, Modes> {
  const tables = new Map<string, Map<string, Set<string>>>();
  for (const row of rows) {
    if (!row.granted || row.locktype !== "relation" || (row.mode !== share && row.mode !== write)) continue;
    const owners = tables.get(tableOf(row)) ?? new Map<string, Set<string>>();
    tables.set(tableOf(row), owners.set(ownerOf(row), (owners.get(ownerOf(row)) ?? new Set()).add(row.mode)));
  }
  return tables;
}

function tablesOf(modesOf: ReadonlyMap<string, Modes>, owner: string): readonly string[] {
  return [...modesOf].filter(([, owners]) => owners.has(owner)).map(([table]) => table);
}

/** Two who only write cannot have the same row. */
function sharing(owners: Modes, holder: string): readonly string[] {
  const holderShares = owners.get(holder)?.has(share) ?? false;
  return [...owners].filter(([, modes]) => holderShares || modes.has(share)).map(([owner]) => owner);
}

/** Whom each waiter for a transaction, or for the turn at a row, waits for. */
export function nextInLine(
  rows: readonly PostgresLockRow[],
  ownerOf: PostgresLocks["ownerOf"],
): ReadonlyMap<string, string> {
  const nameOf = (row: PostgresLockRow): string =>
    row.locktype === "tuple"
      ? `${tableOf(row)}/${row.page}/${row.tuple}`
      : `${row.locktype}/${row.transactionid}`;
  const named = rows.filter(({ locktype }) => locktype === "tuple" || locktype === "transactionid");
  const held = new Map(named.filter(({ granted }) => granted).map((row) => [nameOf(row), ownerOf(row)]));
  const waits = named.filter(({ granted }) => !granted);
  return new Map(waits.map((row) => [ownerOf(row), held.get(nameOf(row)) ?? ""]));
}

function standsBehind(
  next: ReadonlyMap<string, string>,
  waiter: string,
  holder: string | undefined,
): boolean {
  const seen = new Set<string>();
  for (let at = next.get(waiter); at !== undefined && !seen.has(at); at = next.get(at)) {
    if (at === holder) return true;
    seen.add(at);
  }
  return false;
}
