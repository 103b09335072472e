import { type PostgresPlanRow, postgresPlansRows } from "../probes/postgres/plans/rows.ts";
import { postgresTablesRows, type TableRow } from "../probes/postgres/tables/rows.ts";
import { compare } from "../text/compare.ts";
import { postgresName } from "../text/sql-names.ts";
import type { View } from "./view.ts";

/** Tables that people made in the connected database, in one order; null when they could not be seen. */
export function tablesOf(view: View): readonly TableRow[] | null {
  return vacuumedTables(view)?.filter(({ kind }) => kind !== "catalog" && kind !== "toast") ?? null;
}

/** Whatever vacuum goes over: catalogues and TOAST tables, too. */
export function vacuumedTables(view: View): readonly TableRow[] | null {
  const rows = view.rows(postgresTablesRows);
  return rows === null ? null : rows.toSorted((a, b) => compare(tableKey(a), tableKey(b)));
}

/** Plans that could be had, in one order. */
export function plansOf(view: View): readonly PostgresPlanRow[] {
  const rows = view.rows(postgresPlansRows) ?? [];
  return rows
    .filter(({ status }) => status === "explained")
    .toSorted((a, b) => compare(`${a.queryId} ${a.user}`, `${b.queryId} ${b.user}`) || a.calls - b.calls);
}

export function tableKey({ schema, table }: Pick<TableRow, "schema" | "table">): string {
  return `${schema}.${table}`;
}

/** @param named a table as a statement names it, in lower case, with its schema or without */
export function isCalled(
  { schema, table }: Pick<TableRow, "schema" | "table">,
  named: string | null | undefined,
): boolean {
  return [table, tableKey({ schema, table })].some((name) => name.toLowerCase() === named);
}

/** As a statement names it. */
export function tableName({ schema, table }: Pick<TableRow, "schema" | "table">): string {
  return postgresName(schema, table);
}

/** When vacuum last went over it, by hand or by itself; null: never since statistics were reset. */
export function vacuumedSecondsAgo({ lastVacuumSeconds, lastAutovacuumSeconds }: TableRow): number | null {
  return latest(lastVacuumSeconds, lastAutovacuumSeconds);
}

export function analyzedSecondsAgo({ lastAnalyzeSeconds, lastAutoanalyzeSeconds }: TableRow): number | null {
  return latest(lastAnalyzeSeconds, lastAutoanalyzeSeconds);
}

function latest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/** Tables that fewer dead rows than this never hurt: one page or two more to read. */
const fewDeadRows = 1000;

/** Autovacuum should have come long ago: twice as many dead rows as bring it, and more than a handful. */
export function isBehind({ deadRows, vacuumAtDeadRows }: TableRow): boolean {
  return deadRows >= fewDeadRows && deadRows > 2 * vacuumAtDeadRows;
}

/** Most of what there is to read is dead. */
export function areMany({ deadRows, liveRows }: TableRow): boolean {
  return deadRows >= Math.max(10_000, liveRows);
}

/** Sequential scans read the dead rows too; that is when they hurt. */
export function deadRowsHurt(table: TableRow): boolean {
  return areMany(table) && (table.now.seqScansPerSecond ?? 0) > 0;
}
