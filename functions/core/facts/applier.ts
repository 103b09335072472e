import type { Explanation } from "../contract/explanation.ts";
import type { Session } from "../contract/session.ts";
import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { mysqlReplicationRows } from "../probes/mysql/replication/replication-rows.ts";
import { type MysqlTableRow, mysqlTablesRows } from "../probes/mysql/tables-rows.ts";
import { compare } from "../text/compare.ts";
import { loadProfile } from "./load-profile.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import { ownReplication } from "./replica-facts.ts";
import type { View } from "./view.ts";

/** The threads of the database that was looked at that apply what its source did; most often one does the work. */
export function appliersOf({ sessions }: View): readonly Session[] {
  return (sessions ?? [])
    .filter(
      ({ kind, own, client, state }) =>
        kind === "replication" && client === null && !own && state === "active",
    )
    .toSorted((a, b) => (b.statementSeconds ?? 0) - (a.statementSeconds ?? 0) || a.id - b.id);
}

/** What holds up the applier makes the replica late, by whatever name its lag was found. */
export function explainsLag(view: View, because: string): readonly Explanation[] {
  return ownReplication(view)
    .filter(({ stop }) => stop === null)
    .map(({ subject }) => ({ cause: "replication-lag", subject, because }));
}

/** The applier is among those that wait for this member, or is this member and waits itself. */
export function holdsUpApplier(view: View, graph: LockGraph, member: LockMember): readonly Explanation[] {
  const waiting = [member, ...subtree(graph, member.key)].filter(
    ({ waitsFor, session }) =>
      waitsFor !== null && session?.kind === "replication" && session.client === null,
  );
  return waiting.length === 0 ? [] : explainsLag(view, "the thread that applies changes waits for it");
}

/** States of an applier that looks for a row to change: MariaDB's, then MySQL's. */
const findsRows = /(update|delete)_rows_log_event|batch of row changes \((update|delete)\)/i;
/** Rows read without any index for each that was written. A report that reads the table now and then is less. */
const manyReads = 10;

export interface KeylessApplied {
  readonly table: MysqlTableRow;
  readonly says: string;
}

/**
 * The table without a key in which the applier looks for rows: "a full table scan for each row".
 * https://dev.mysql.com/doc/refman/8.4/en/replication-features-differing-tables.html
 */
export function keylessApplied(view: View): KeylessApplied | null {
  const at = appliersOf(view).filter(
    ({ waitEvent, query }) => findsRows.test(waitEvent ?? "") || /^\s*(update|delete)\b/i.test(query ?? ""),
  );
  // It reads the log in between, so that one look may miss it.
  const looks = loadProfile(view)?.waits.some(({ name }) => findsRows.test(name)) ?? false;
  if ((at.length === 0 && !looks) || ownReplication(view).length === 0) return null;
  const keyless = (view.rows(mysqlTablesRows) ?? []).filter(({ hasPrimaryKey }) => !hasPrimaryKey);
  const opened = (view.rows(mysqlReplicationRows) ?? []).flatMap(({ applyingTables = [] }) => applyingTables);
  const table =
    keyless.find((one) => opened.includes(`${one.schema}.${one.table}`)) ??
    keyless.find((one) => at.some(({ query }) => names(query, one.table))) ??
    keyless.filter(isSearched).toSorted(mostRead)[0];
  return table === undefined ? null : { table, says: saysOf(view, table) };
}

function names(query: string | null, table: string): boolean {
  return (query ?? "").split(/[^\w$]+/).some((word) => word.toLowerCase() === table.toLowerCase());
}

function isSearched({ sinceStart: { rowsReadWithoutIndex, rowsWritten } }: MysqlTableRow): boolean {
  return (
    rowsReadWithoutIndex !== null &&
    rowsWritten !== null &&
    rowsReadWithoutIndex >= manyReads * Math.max(1, rowsWritten)
  );
}

function mostRead(a: MysqlTableRow, b: MysqlTableRow): number {
  const of = ({ sinceStart }: MysqlTableRow): number => sinceStart.rowsReadWithoutIndex ?? 0;
  return of(b) - of(a) || compare(`${a.schema}.${a.table}`, `${b.schema}.${b.table}`);
}

function saysOf(view: View, { schema, table, sinceStart }: MysqlTableRow): string {
  const scanned = view.rows(mysqlInnodbRatesRows)?.[0]?.rowsScannedPerSecond ?? null;
  const { rowsReadWithoutIndex: read, rowsWritten: written } = sinceStart;
  const counts = !read || written === null ? "" : `, ${read} rows read for ${written} written`;
  const pace = scanned === null ? "" : `, ${Math.round(scanned)} rows a second now`;
  return `this replica looks for the rows to change in ${schema}.${table} by reading it whole${counts}${pace}`;
}
