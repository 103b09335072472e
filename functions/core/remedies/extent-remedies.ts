import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { majorOf } from "./run-as.ts";

/** How far the damage goes; only reads. */
export function findExtent(view: View): readonly ProposedAction[] {
  const { target } = view.evidence;
  return target.engine === "postgres" ? findPostgresExtent(view) : [checkMysqlTables(target.database)];
}

/**
 * Tables by verify_heapam, which came with 14 and looks into no index; indexes by bt_index_check, which compares them
 * with every row of their table. https://www.postgresql.org/docs/current/amcheck.html
 */
function findPostgresExtent(view: View): readonly ProposedAction[] {
  const major = majorOf(view);
  const where =
    "Run it on a restored copy or a reader where there is one, in each database. It takes the extension amcheck (CREATE EXTENSION amcheck, once, on the writer).";
  const indexes = proposeManual({
    id: "check-indexes-for-corruption",
    spec: ["V4"],
    risk: "safe",
    preview:
      "SELECT c.oid::regclass, bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam WHERE m.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid ORDER BY c.relpages",
    describes: "find out which B-tree indexes are damaged or lack rows of their table",
    consequence: `Reads every index and its table. ${where} It ends with an error that names the first damaged index: REINDEX mends an index, never a table.`,
  });
  const tables = proposeManual({
    id: "check-for-corruption",
    spec: ["V4"],
    risk: "safe",
    preview:
      "SELECT c.oid::regclass, v.* FROM pg_class c CROSS JOIN LATERAL verify_heapam(c.oid) v WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p'",
    describes: "find out which tables are damaged",
    consequence: `Reads every table; no row means nothing was found. ${where} It ends at a page that cannot be read at all: then go table by table.`,
  });
  return major !== null && major < 14 ? [indexes] : [tables, indexes];
}

/** A statement for each table, made by the server: it is to be run, and what it gives as well. */
function checkMysqlTables(database: string | null): ProposedAction {
  const only =
    database === null
      ? "table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')"
      : `table_schema = ${sqlLiteral(database, "mysql")}`;
  return proposeManual({
    id: "check-for-corruption",
    spec: ["V4"],
    risk: "safe",
    // https://dev.mysql.com/doc/refman/8.4/en/check-table.html
    preview: `SELECT CONCAT('CHECK TABLE \`', REPLACE(table_schema, '\`', '\`\`'), '\`.\`', REPLACE(table_name, '\`', '\`\`'), '\` EXTENDED;') FROM information_schema.tables WHERE ${only} AND table_type = 'BASE TABLE' ORDER BY data_length`,
    describes: "the statements that find out which tables and indexes are damaged, the smallest table first",
    consequence:
      "Only lists them. Each reads its whole table and may mark it as crashed; run them on a restored copy or a reader where there is one. InnoDB stops the server when it meets a page that it cannot use.",
  });
}
