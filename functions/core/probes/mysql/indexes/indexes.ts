import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { defineProbe } from "../../define.ts";
import { performanceSchemaGrant, processGrant } from "../sight.ts";
import { type Covered, coveredIndexes, createIndex, indexDefinitions } from "./definition.ts";
import { type MysqlIndexRow, mysqlIndexesRows } from "./indexes-rows.ts";
import {
  indexColumns,
  metadataGrant,
  metadataSight,
  mostWritten,
  requireMetadata,
  systemSchemas,
  type TableName,
  type TableUse,
  tableKey,
  tableUseSql,
  tableUses,
} from "./sql.ts";

/** Tables looked at closely. */
const maxTables = 60;

/** Tables with two indexes that begin with the same column: the only ones that can have a superfluous one. */
const candidatesSql = `
  SELECT DISTINCT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name FROM (
    SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS
    WHERE SEQ_IN_INDEX = 1 AND TABLE_SCHEMA NOT IN (${systemSchemas})
    GROUP BY TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME HAVING COUNT(*) > 1) AS alike
  LIMIT 20000`;

const candidateSchema = z.object({ schema_name: z.string(), table_name: z.string() });

type Answers = readonly (readonly SqlRow[])[];

export const mysqlIndexes = defineProbe({
  ...mysqlIndexesRows,
  spec: ["P30"],
  title: "Which indexes are duplicates, or the beginning of another one?",
  engines: ["mysql", "mariadb"],
  tier: "health",
  cost: "One pass over the dictionary's index columns, 0.2 s for 15,000 indexes; MariaDB reads each table's .frm. Then the columns of at most 60 tables.",
  needs: [metadataGrant, processGrant, performanceSchemaGrant],
  maxRows: 100,
  source: "https://dev.mysql.com/doc/refman/8.4/en/information-schema-statistics-table.html",
  statements: ({ server }) => [metadataSight(server), { sql: candidatesSql }, { sql: tableUseSql }],
  follow: (answers, { server }) => {
    const { tables, uses } = candidatesOf(answers);
    return indexColumns(mostWritten(tables, uses, maxTables), server);
  },
  read: (answers): MysqlIndexRow[] => {
    const { uses } = candidatesOf(answers);
    return [...indexDefinitions(answers[3] ?? []).values()]
      .flatMap(coveredIndexes)
      .map((covered) => rowOf(covered, uses))
      .toSorted((a, b) => (b.tableWrites ?? 0) - (a.tableWrites ?? 0) || order(a, b));
  },
});

function candidatesOf([sight, rows = [], use]: Answers): {
  tables: TableName[];
  uses: ReadonlyMap<string, TableUse>;
} {
  requireMetadata(sight);
  const tables = z.array(candidateSchema).parse(rows);
  return {
    tables: tables.map(({ schema_name, table_name }) => ({ schema: schema_name, table: table_name })),
    uses: tableUses(use),
  };
}

/** A wider index ends with the primary key only behind its further columns. */
const prefixCaveat =
  "an index ends with the primary key: a statement that sorts by it behind these columns can use the narrow index only";

function rowOf({ index, problem, by }: Covered, uses: ReadonlyMap<string, TableUse>): MysqlIndexRow {
  return {
    schema: index.schema,
    table: index.table,
    index: index.index,
    problem,
    coveredBy: by.index,
    unique: index.unique,
    columns: index.columns.map(({ text }) => text),
    definition: createIndex(index),
    cardinality: index.cardinality,
    tableWrites: uses.get(tableKey(index))?.writes ?? null,
    caveat: problem === "redundant-prefix" ? prefixCaveat : null,
  };
}

function order(a: MysqlIndexRow, b: MysqlIndexRow): number {
  return `${a.schema}.${a.table}.${a.index}` < `${b.schema}.${b.table}.${b.index}` ? -1 : 1;
}
