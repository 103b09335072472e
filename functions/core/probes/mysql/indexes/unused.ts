import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import type { ServerInfo, SqlRow } from "../../../ports.ts";
import { defineProbe } from "../../define.ts";
import { performanceSchemaGrant, performanceSchemaSetting, processGrant } from "../sight.ts";
import { createIndex, type IndexDefinition, indexDefinitions } from "./definition.ts";
import {
  indexColumns,
  metadataGrant,
  metadataSight,
  mostWritten,
  nameOf,
  requireMetadata,
  schemaOf,
  systemSchemas,
  type TableUse,
  tableKey,
  tableUseSql,
  tableUses,
} from "./sql.ts";
import { type MysqlUnusedIndexRow, mysqlIndexesUnusedRows } from "./unused-rows.ts";

const maxTables = 60;
const caveat = "reads are counted on each server alone and begin anew with each start: a replica may use it";

const sightSql = `
  SELECT @@performance_schema AS enabled, UNIX_TIMESTAMP() AS now_seconds,
    (SELECT ENABLED FROM performance_schema.setup_instruments WHERE NAME = 'wait/io/table/sql/handler') AS instrument,
    (SELECT ENABLED FROM performance_schema.setup_consumers WHERE NAME = 'global_instrumentation') AS consumer`;

const unusedSql = `
  SELECT OBJECT_SCHEMA AS schema_name, OBJECT_NAME AS table_name, INDEX_NAME AS index_name
  FROM performance_schema.table_io_waits_summary_by_index_usage
  WHERE COUNT_STAR = 0 AND INDEX_NAME IS NOT NULL AND INDEX_NAME <> 'PRIMARY' AND OBJECT_TYPE = 'TABLE'
    AND OBJECT_SCHEMA NOT IN (${systemSchemas})
  LIMIT 100000`;

/** MySQL has foreign keys in its dictionary; MariaDB would open each table to find them, InnoDB knows its own. */
function foreignKeysSql(server: ServerInfo): string {
  return server.engine === "mariadb"
    ? `SELECT ${schemaOf("f.FOR_NAME", server)} AS schema_name, ${nameOf("f.FOR_NAME", server)} AS table_name,
        c.FOR_COL_NAME AS column_name, ${schemaOf("f.REF_NAME", server)} AS ref_schema, ${nameOf("f.REF_NAME", server)} AS ref_table,
        c.REF_COL_NAME AS ref_column
      FROM information_schema.INNODB_SYS_FOREIGN f
        JOIN information_schema.INNODB_SYS_FOREIGN_COLS c ON c.ID = f.ID AND c.POS = 0 LIMIT 50000`
    : `SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, COLUMN_NAME AS column_name,
        REFERENCED_TABLE_SCHEMA AS ref_schema, REFERENCED_TABLE_NAME AS ref_table, REFERENCED_COLUMN_NAME AS ref_column
      FROM information_schema.KEY_COLUMN_USAGE
      WHERE REFERENCED_TABLE_NAME IS NOT NULL AND ORDINAL_POSITION = 1 LIMIT 50000`;
}

const unusedSchema = z.object({ schema_name: z.string(), table_name: z.string(), index_name: z.string() });
const foreignSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  ref_schema: z.string(),
  ref_table: z.string(),
  ref_column: z.string(),
});

type Answers = readonly (readonly SqlRow[])[];

export const mysqlIndexesUnused = defineProbe({
  ...mysqlIndexesUnusedRows,
  spec: ["P30"],
  title: "Which indexes has nothing read since the server started?",
  engines: ["mysql", "mariadb"],
  tier: "health",
  cost: "One pass over the use counters of all indexes and over the foreign keys, then the columns of at most 60 tables.",
  needs: [metadataGrant, processGrant, performanceSchemaGrant, performanceSchemaSetting],
  maxRows: 100,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-table-wait-summary-tables.html",
  statements: ({ server }) => [
    metadataSight(server),
    { sql: sightSql },
    { sql: "SHOW GLOBAL STATUS LIKE 'Uptime'" },
    { sql: unusedSql },
    { sql: tableUseSql },
    { sql: foreignKeysSql(server) },
  ],
  follow: (answers, { server }) => {
    const { unused, uses } = unusedOf(answers);
    return indexColumns(mostWritten(unused, uses, maxTables), server);
  },
  read: (answers): MysqlUnusedIndexRow[] => {
    const { unused, uses } = unusedOf(answers);
    const names = new Set(unused.map(({ schema, table, index }) => JSON.stringify([schema, table, index])));
    const uptimeSeconds = Number(answers[2]?.[0]?.["Value"]);
    const backing = backingColumns(answers[5]);
    return [...indexDefinitions(answers[6] ?? []).values()]
      .flat()
      .filter(({ schema, table, index }) => names.has(JSON.stringify([schema, table, index])))
      .filter((index) => countsReads(index) && !index.unique && !backing.has(leadingColumn(index)))
      .map((index) => rowOf(index, uses.get(tableKey(index)), uptimeSeconds))
      .toSorted((a, b) => b.tableWrites - a.tableWrites || (a.index < b.index ? -1 : 1));
  },
});

/** Only of tables that were used: of the others nothing can be said. */
function unusedOf([metadata, sight, , rows, use]: Answers) {
  requireMetadata(metadata);
  requireUseCounters(sight);
  const uses = tableUses(use);
  const unused = z
    .array(unusedSchema)
    .parse(rows ?? [])
    .map((row) => ({ schema: row.schema_name, table: row.table_name, index: row.index_name }))
    .filter((index) => uses.has(tableKey(index)));
  return { unused, uses };
}

/** Throws SqlError "missing-object" when nothing is counted, which would make every index look unused. */
function requireUseCounters(rows: readonly SqlRow[] = []): void {
  const { enabled, instrument, consumer } = rows[0] ?? {};
  if (Number(enabled) === 1 && instrument === "YES" && consumer === "YES") return;
  const off = Number(enabled) === 1 ? "table I/O is not instrumented" : "performance_schema is OFF";
  throw new SqlError("missing-object", "performance_schema", off);
}

/**
 * MATCH ... AGAINST reads a full-text index without counting it, and an index whose reads may not be counted is not
 * one that nothing reads. https://dev.mysql.com/doc/refman/8.4/en/innodb-fulltext-index.html
 */
function countsReads({ type }: IndexDefinition): boolean {
  return type !== "FULLTEXT" && type !== "SPATIAL";
}

/**
 * First columns of foreign keys, on both sides: InnoDB wants an index that begins with them, and uses it without
 * counting a read.
 */
function backingColumns(rows: readonly SqlRow[] = []): ReadonlySet<string> {
  return new Set(
    z
      .array(foreignSchema)
      .parse(rows)
      .flatMap((key) => [
        columnKey(key.schema_name, key.table_name, key.column_name),
        columnKey(key.ref_schema, key.ref_table, key.ref_column),
      ]),
  );
}

function leadingColumn({ schema, table, columns }: IndexDefinition): string {
  return columnKey(schema, table, columns[0]?.name ?? "");
}

function columnKey(schema: string, table: string, column: string): string {
  return JSON.stringify([schema, table, column]).toLowerCase();
}

function rowOf(
  index: IndexDefinition,
  use: TableUse | undefined,
  uptimeSeconds: number,
): MysqlUnusedIndexRow {
  return {
    schema: index.schema,
    table: index.table,
    index: index.index,
    columns: index.columns.map(({ text }) => text),
    definition: createIndex(index),
    visible: index.visible,
    cardinality: index.cardinality,
    tableReads: use?.reads ?? 0,
    tableWrites: use?.writes ?? 0,
    uptimeSeconds,
    caveat,
  };
}
