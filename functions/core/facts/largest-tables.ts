import { postgresTablesRows, type TableRow } from "../probes/postgres/tables/rows.ts";
import { compare } from "../text/compare.ts";
import { duration, list } from "../text/wording.ts";
import { bytesText } from "./rds-facts.ts";
import { tableKey, tableName } from "./table-facts.ts";
import type { View } from "./view.ts";

const shown = 3;
/** Of what the tables seen take together: less is not where the space went. */
const worthNaming = 0.1;

/**
 * Where the space of the connected database is, largest first, with indexes and out-of-line values, and what has been
 * written to each lately. Null where no tables were seen. PostgreSQL.
 */
export function largestTables(view: View): string | null {
  const rows = view.rows(postgresTablesRows) ?? [];
  const toast = new Map(rows.flatMap((row) => (row.toastOf === null ? [] : [[row.toastOf, row.bytes]])));
  const sized = rows
    .filter(({ toastOf }) => toastOf === null)
    .map((row) => ({ row, bytes: row.bytes + row.indexBytes + (toast.get(tableName(row)) ?? 0) }));
  const all = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = sized
    .filter(({ bytes }) => bytes > 0 && bytes >= all * worthNaming)
    .toSorted((a, b) => b.bytes - a.bytes || compare(tableKey(a.row), tableKey(b.row)))
    .slice(0, shown)
    .map(({ row, bytes }) => `${tableName(row)} ${bytesText(bytes)}${changedText(row)}`);
  const { database } = view.evidence.target;
  return largest.length === 0
    ? null
    : `the largest tables${database === null ? "" : ` of database ${database}`}, as of their last vacuum or analyze: ${list(largest)}`;
}

function changedText({ changedSinceAnalyze, lastAnalyzeSeconds, lastAutoanalyzeSeconds }: TableRow): string {
  const ages = [lastAnalyzeSeconds, lastAutoanalyzeSeconds].filter((age) => age !== null);
  if (changedSinceAnalyze === 0 || ages.length === 0) return "";
  return ` (${changedSinceAnalyze} rows added or changed in the ${duration(Math.min(...ages))} since it was analyzed)`;
}
