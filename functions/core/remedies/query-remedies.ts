import { analyzeTableOffer } from "../actions/database/analyze-table.ts";
import { reindexIndexOffer } from "../actions/database/reindex-index.ts";
import { resetStatisticsOffer } from "../actions/database/reset-statistics.ts";
import { vacuumTableOffer } from "../actions/database/vacuum-table.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import type { ObjectInput } from "../actions/statements/postgres-object.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { IndexNeed } from "../facts/index-need.ts";
import { tableKey, tableName, tablesOf, vacuumedTables } from "../facts/table-facts.ts";
import type { View } from "../facts/view.ts";
import type { TableRow } from "../probes/postgres/tables/rows.ts";
import { namesIn, postgresName } from "../text/sql-names.ts";
import { createIndex as createPostgresIndex } from "./index-remedies.ts";
import { createMysqlIndex, showMysqlIndex } from "./mysql-index-remedies.ts";
import { oneByOne } from "./one-by-one.ts";
import { asMaintainer, asOwner } from "./run-as.ts";

/**
 * A10. https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
 */
export function createIndex(view: View, need: IndexNeed): ProposedAction {
  if (view.evidence.target.engine !== "postgres") {
    return need.unusable ? showMysqlIndex(view, need, need.unusable) : createMysqlIndex(view, need);
  }
  const owner = tablesOf(view)?.find((table) => tableKey(table) === need.table)?.owner ?? null;
  if (need.unusable) {
    const [schema = "", name = ""] = namesIn(need.statement.replace("REINDEX INDEX CONCURRENTLY ", ""));
    const action = rebuildIndex(view, { schema, name }, owner);
    const again = "A unique index fails again while duplicates are in the table: mend them first.";
    return { ...action, consequence: `${action.consequence} ${again}` };
  }
  return createPostgresIndex(
    view,
    need.statement,
    `index ${need.columns.join(", ")} of ${need.table}`,
    owner,
  );
}

/** A7. https://www.postgresql.org/docs/current/sql-analyze.html */
export function analyzeTable(
  view: View,
  table: Pick<TableRow, "schema" | "table" | "owner">,
): ProposedAction {
  const by = asMaintainer(view, table.owner);
  const input = { schema: table.schema, name: table.table };
  return propose(analyzeTableOffer, input, view.evidence.target, {
    frees: null,
    describes: `Collects new statistics of ${tableName(table)}; ${by.who}`,
    consequence: `Reads a sample of the table and blocks neither readers nor writers; plans made afterwards use the new numbers. ${by.else}`,
  });
}

/** A7, of all there is. https://www.postgresql.org/docs/current/app-vacuumdb.html */
export function analyzeDatabases(view: View): ProposedAction {
  return proposeManual({
    id: "analyze-table",
    spec: ["A7"],
    risk: "safe",
    preview: "ANALYZE",
    describes: `Collects statistics of every table: once in each database, so by a person; ${asMaintainer(view, null).who}`,
    consequence:
      "Reads a sample of each table and blocks neither readers nor writers; the largest tables that are waited for first, by name. vacuumdb --all --analyze-in-stages does it for all databases, coarse statistics within minutes. What it may not touch it skips with a warning.",
  });
}

/** A8. https://www.postgresql.org/docs/current/sql-vacuum.html */
export function vacuumTable(
  view: View,
  table: Pick<TableRow, "schema" | "table" | "toastOf" | "owner">,
): ProposedAction {
  const by = asMaintainer(view, table.owner);
  // A TOAST table is vacuumed with the table whose values it keeps.
  const [schema, name] = table.toastOf === null ? [] : namesIn(table.toastOf);
  const input = { schema: schema ?? table.schema, name: name ?? table.table };
  return propose(vacuumTableOffer, input, view.evidence.target, {
    frees: null,
    describes: `Makes the room of dead rows in ${table.toastOf ?? tableName(table)} usable again; ${by.who}`,
    consequence: `Reads the table and its indexes, which costs I/O; readers and writers go on. The file keeps its size. ${by.else}`,
  });
}

const mib = 1024 ** 2;

/**
 * So little is read and written that it is done in seconds: longer would be felt as an outage. Its indexes are built anew and
 * its values out of line written anew with it: how many those are tells a row of its TOAST table alone.
 */
function isBrief(view: View, table: Rewritten): boolean {
  const { bytes, indexBytes, bloat } = table;
  const toast = (vacuumedTables(view) ?? []).find(({ toastOf }) => toastOf === tableName(table));
  // A relation that was never vacuumed counts no pages, whatever it has.
  if (bloat === null || toast === undefined || bytes <= 0 || toast.bytes <= 0) return false;
  const beside = indexBytes + toast.bytes;
  return bytes + beside <= 1024 * mib && bytes - bloat.bytes + beside <= 64 * mib;
}

type Rewritten = Pick<TableRow, "schema" | "table" | "owner" | "bytes" | "indexBytes" | "bloat">;

/** A8, the one that gives room back. https://www.postgresql.org/docs/current/sql-vacuum.html */
export function rewriteTable(view: View, table: Rewritten): ProposedAction {
  const by = asMaintainer(view, table.owner);
  return proposeManual({
    id: "vacuum-table",
    spec: ["A8"],
    risk: "disruptive",
    preview: `SET lock_timeout = '5s';\nVACUUM (FULL, ANALYZE) ${tableName(table)}`,
    describes: `Writes ${tableKey(table)} anew without its empty room; ${by.who}`,
    consequence: `Locks the table against readers and writers until it is done, and needs room for a second copy; ${isBrief(view, table) ? "with so little to read and write that is a matter of seconds" : "only in a maintenance window"}. It gives up when it does not get the table within 5 s, so that nobody queues behind it for long. ${oneByOne} The extension pg_repack does the same with a short lock. If the table will grow again, leave it: the room is used again. ${by.else}`,
  });
}

/** A9. https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY */
export function rebuildIndex(view: View, index: ObjectInput, owner: string | null): ProposedAction {
  return propose(reindexIndexOffer, index, view.evidence.target, {
    frees: null,
    describes: `Builds ${postgresName(index.schema, index.name)} anew beside the old one; ${asOwner(owner)}`,
    consequence:
      "Reads the table, needs room for a second copy and waits for transactions older than itself; readers and writers go on. Cancelled, it leaves an invalid index ending in _ccnew that must be dropped.",
  });
}

const lasting = {
  pg_stat_statements: "a larger pg_stat_statements.max, which needs a restart",
  digests: "a larger performance_schema_digests_size, which needs a restart",
} as const;

/**
 * A12. https://www.postgresql.org/docs/current/pgstatstatements.html#PGSTATSTATEMENTS-FUNCS
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html
 */
export function resetStatistics({ evidence }: View, of: keyof typeof lasting): ProposedAction {
  return propose(resetStatisticsOffer, { of: "statements" }, evidence.target, {
    frees: null,
    consequence: `All counts so far are lost, and they fill again as before unless the cause goes: statements with a text of their own for each value (lists of varying length, names of temporary tables), or ${lasting[of]}.`,
  });
}
