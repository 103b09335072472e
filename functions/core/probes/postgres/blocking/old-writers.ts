import type { LockRequest } from "../../../locks/lock-request.ts";
import { wholeTable } from "../../../text/whole-table.ts";
import type { ProbeContext } from "../../define.ts";
import type { PostgresSessionRow } from "../session-row.ts";
import type { PostgresPreparedRow } from "./lock-rows.ts";

/**
 * By database, the owners of transactions that have been open for longer than a statement should take and have changed or
 * locked a row: each has a number (backend_xid). What a statement wants next, by a foreign key, a trigger or a function,
 * may be theirs, in whatever table. So may be what is a prepared transaction's or what somebody has a whole table for.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
 */
export function oldWriters(
  requests: readonly LockRequest[],
  activity: readonly PostgresSessionRow[],
  prepared: readonly PostgresPreparedRow[],
  { settings }: ProbeContext,
): ReadonlyMap<string | null, readonly string[]> {
  const { slowQuerySeconds } = settings.thresholds;
  const found = new Map<string | null, string[]>();
  const add = (database: string | null, key: string): void => {
    found.set(database, [...(found.get(database) ?? []), key]);
  };
  const locking = new Set(
    requests
      .filter(
        ({ granted, objectKind, mode }) => granted && objectKind === "table" && wholeTable.includes(mode),
      )
      .map(({ owner }) => owner),
  );
  for (const { id, database_name, has_written, transaction_seconds } of activity) {
    const key = `session:${id}`;
    const old = has_written === true && (transaction_seconds ?? 0) >= slowQuerySeconds;
    if (old || locking.has(key)) add(database_name, key);
  }
  for (const { gid, database } of prepared) add(database, `prepared:${gid}`);
  return found;
}
