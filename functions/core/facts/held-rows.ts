import { postgresReplicationSlotsRows } from "../probes/postgres/replication-slots-rows.ts";
import type { TableRow } from "../probes/postgres/tables/rows.ts";
import {
  postgresVacuumWraparoundRows,
  type WraparoundRow,
} from "../probes/postgres/vacuum-wraparound-rows.ts";
import { compare } from "../text/compare.ts";
import { holdsHere, lasts, type XminHolder, xminHolders } from "./old-xmin.ts";
import { analyzedSecondsAgo, vacuumedSecondsAgo } from "./table-facts.ts";
import type { View } from "./view.ts";

/** No server begins more writing transactions a second: so old is a horizon at least, whatever else is known of it. */
const mostXidsPerSecond = 50_000;

/**
 * Since when the holder's horizon has stood still, at least; null when nothing says so. A transaction may have begun
 * long before: it gets its horizon with a snapshot or its first change, so only the time since its last statement
 * began, or ended, counts.
 */
function horizonSeconds(view: View, { row, session }: XminHolder): number | null {
  const byXids = row.xminAge / mostXidsPerSecond;
  switch (row.holder) {
    case "session":
      if (session === null || session.stateSeconds === null) return null;
      return Math.max(byXids, Math.min(session.stateSeconds, row.seconds ?? 0));
    case "prepared-transaction":
      return row.seconds;
    case "replication-slot":
      return Math.max(byXids, inactiveSeconds(view, row.name) ?? 0);
    case "standby":
      return byXids;
    default:
      return row.holder satisfies never;
  }
}

/** Nobody has moved its horizon since. */
function inactiveSeconds(view: View, name: string): number | null {
  return view.rows(postgresReplicationSlotsRows)?.find(({ slot }) => slot === name)?.inactiveSeconds ?? null;
}

/**
 * Tables that vacuum went over while the horizon was there, and whose dead rows it had to leave: whatever died before
 * is gone since, whatever is left died after, and stays as long as the holder. Without such a vacuum the rows may have
 * died long before the holder came, and the next vacuum removes them.
 */
export function heldTables(view: View, holder: XminHolder, behind: readonly TableRow[]): readonly TableRow[] {
  const horizon = horizonSeconds(view, holder) ?? 0;
  const left = leftFor(view, holder, behind);
  return behind.filter(
    (table) => (vacuumedSecondsAgo(table) ?? Number.POSITIVE_INFINITY) < horizon || left.includes(table),
  );
}

/** With fewer since, its view of the data may be a moment old. */
export const someXids = 100;

/**
 * A standby, or a slot in use, does not say since when: what a vacuum had to leave a moment ago tells instead, of the
 * oldest holder alone, as the younger ones hold nothing while it stays.
 */
export function leftFor(view: View, holder: XminHolder, tables: readonly TableRow[]): readonly TableRow[] {
  const { row, key } = holder;
  const untold = row.holder === "standby" || (row.holder === "replication-slot" && row.state === "active");
  if (!untold || row.seconds !== null || row.catalogOnly || row.xminAge < someXids) return [];
  const oldest = xminHolders(view)?.find((one) => !one.row.catalogOnly && holdsHere(view, one));
  return oldest?.key === key ? tables.filter(isLeft) : [];
}

/**
 * Who keeps a table's dead rows, as the last vacuum has shown: another one would remove as little. Null when nobody is
 * seen to.
 */
export function keeperOf(view: View, table: TableRow): XminHolder | null {
  return (
    (xminHolders(view) ?? []).find(
      (holder) =>
        lasts(view, holder) &&
        holdsHere(view, holder) &&
        (!holder.row.catalogOnly || table.kind === "catalog") &&
        heldTables(view, holder, [table]).length > 0,
    ) ?? null
  );
}

/** Autovacuum at its slowest, several workers sharing one cost limit. */
const slowestBytesPerSecond = 4 * 1024 ** 2;
const manyLeftRows = 10_000;
const momentSeconds = 60;
/** A standby reports every ten seconds (wal_receiver_status_interval): a healthy one holds that much, and lets go. */
const reportSeconds = 30;

/**
 * More dead rows than can have died since the vacuum began or a healthy standby last spoke, at the pace at which rows
 * have changed since the last ANALYZE. One that came later than the vacuum has forgotten what changed between.
 */
export function isLeft(table: TableRow): boolean {
  const [ago, analyzed] = [vacuumedSecondsAgo(table), analyzedSecondsAgo(table)];
  if (ago === null || ago > momentSeconds || analyzed === null || analyzed < Math.max(1, ago - 5))
    return false;
  const { deadRows, changedSinceAnalyze, bytes, indexBytes } = table;
  const took = (bytes + indexBytes) / slowestBytesPerSecond;
  const fresh = (changedSinceAnalyze / analyzed) * (ago + took + reportSeconds);
  return deadRows - Math.max(changedSinceAnalyze, fresh) >= manyLeftRows;
}

/** AWS's advice is to act at a billion transactions, of two. */
const nearPercent = 45;

/**
 * The database that nears the end and cannot get away from it: even with everything frozen that may be, it would be as
 * old as this horizon, which is more than what autovacuum begins to freeze at. A young holder stands in nobody's way.
 */
export function heldFromFreezing(view: View, { row }: XminHolder): WraparoundRow | null {
  const databases = (view.rows(postgresVacuumWraparoundRows) ?? []).filter(({ kind }) => kind === "database");
  return (
    databases
      .filter(
        ({ name }) => row.database === null || row.database === name || row.holder === "replication-slot",
      )
      .filter(({ percentUsed, xidAge, multixactAge }) => percentUsed >= nearPercent && xidAge >= multixactAge)
      .filter(({ freezeMaxAge }) => row.xminAge > freezeMaxAge)
      .toSorted((a, b) => b.percentUsed - a.percentUsed || compare(a.name, b.name))[0] ?? null
  );
}
