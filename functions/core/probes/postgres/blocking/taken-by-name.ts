import { normaliseQuery } from "../../../text/normalise-query.ts";
import { withoutLeadingComments } from "../../../text/statement-parts.ts";
import { wholeTable } from "../../../text/whole-table.ts";
import type { PostgresSessionRow } from "../session-row.ts";
import { type LockName, postgresLockName } from "./lock-names.ts";
import type { PostgresLockRow } from "./lock-rows.ts";

/**
 * pg_locks does not say how a lock was taken. A LOCK TABLE in the holder's latest statement does; and so does a statement
 * at work that takes no such lock itself, in a transaction that is older than it.
 */
export function tookItByName(
  { mode }: PostgresLockRow,
  { object, objectKind }: LockName,
  holder: PostgresSessionRow | undefined,
): boolean {
  if (objectKind !== "table" || !holder?.query) return false;
  if (
    beforeThisStatement(holder) &&
    wholeTable.includes(mode) &&
    rowsOnly.test(withoutLeadingComments(holder.query))
  )
    return true;
  // Thousands may hold a table, and few with a statement that needs a lexer.
  if (!/\block\b/i.test(holder.query)) return false;
  const locked = /(?:^|; ?)lock ([^;]*)/i.exec(normaliseQuery(holder.query, "postgres"))?.[1];
  return locked?.toLowerCase().includes(object.slice(object.indexOf(".") + 1).toLowerCase()) ?? false;
}

/** What a function does within its own statement is not told by it, so that only what was there before counts. */
const rowsOnly = /^(?:select|with|insert|update|delete|merge|values|copy|fetch|table)\b/i;

function beforeThisStatement({ state, transaction_seconds, statement_seconds }: PostgresSessionRow): boolean {
  if (state !== "active" || transaction_seconds === null || statement_seconds === null) return false;
  return transaction_seconds > statement_seconds;
}

/** One owner and one object. */
export function heldName(owner: string, { object }: LockName): string {
  return `${owner}\0${object}`;
}

/**
 * Tables that a transaction has emptied or rewritten: TRUNCATE takes ACCESS EXCLUSIVE, and then SHARE to build the indexes anew,
 * where LOCK TABLE leaves the one mode that it names.
 * https://github.com/postgres/postgres/blob/master/src/backend/commands/tablecmds.c, ExecuteTruncateGuts
 */
export function emptiedBy(
  rows: readonly PostgresLockRow[],
  ownerOf: (row: PostgresLockRow) => string,
): ReadonlySet<string> {
  const heldIn = (wanted: string): ReadonlySet<string> => {
    const held = rows.filter(
      ({ granted, locktype, mode }) => granted && locktype === "relation" && mode === wanted,
    );
    return new Set(held.map((row) => heldName(ownerOf(row), postgresLockName(row))));
  };
  const built = heldIn("ShareLock");
  return new Set([...heldIn("AccessExclusiveLock")].filter((name) => built.has(name)));
}
