import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { defineProbe } from "../../define.ts";
import { metadataGrant, metadataSight, requireMetadata, type TableName, tableKey } from "../indexes/sql.ts";
import { performanceSchemaGrant, processGrant } from "../sight.ts";
import { autoIncrementMaximum } from "./maximum.ts";
import { type MysqlKeyUseRow, mysqlKeyUseRows } from "./rows.ts";
import { countersSql, failuresSql, insertsSql, largestSql } from "./sql.ts";

const namedSchema = z.object({ schema_name: z.string(), table_name: z.string() });
const insertsSchema = namedSchema.extend({ inserts: z.coerce.number() });
const counterSchema = namedSchema.extend({
  column_name: z.string(),
  column_type: z.string(),
  next_value: z.string().nullable(),
});
const failureSchema = namedSchema.extend({
  failed: z.coerce.number().nullable(),
  seconds_ago: z.coerce.number().nullable(),
});

type Answers = readonly (readonly SqlRow[])[];

/** Less is not worth a row. */
const toldFromPercent = 70;
/** Of the tables with nothing left. */
const askedForFailures = 10;

export const mysqlKeyUse = defineProbe({
  ...mysqlKeyUseRows,
  spec: ["P30"],
  title: "Which AUTO_INCREMENT columns run out of numbers, and do INSERTs fail for it?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "The sizes of all tables' files (0.3 s for 5,000), then the definitions of 300 tables at most: the 200 with most INSERTs and the 100 largest.",
  needs: [metadataGrant, processGrant, performanceSchemaGrant],
  maxRows: 40,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-auto-increment-handling.html",
  statements: ({ server }) => [metadataSight(server), { sql: insertsSql }, { sql: largestSql(server) }],
  followRounds: 2,
  follow: (answers, { server }) => {
    const looked = answers.length > 3;
    if (!looked) return countersSql(candidates(answers), server);
    const out = countersOf(answers).filter(isOut).slice(0, askedForFailures);
    return out.length === 0 ? [] : [failuresSql(out, server)];
  },
  read: (answers): MysqlKeyUseRow[] => {
    requireMetadata(answers[0]);
    const failures = new Map(parsed(failureSchema, answers.slice(3)).map((row) => [keyOf(row), row]));
    return countersOf(answers)
      .filter(({ usedPercent }) => usedPercent >= toldFromPercent)
      .map((row) => ({ ...row, failed: failedOf(failures.get(tableKey(row))) }))
      .toSorted((a, b) => b.usedPercent - a.usedPercent);
  },
});

/** Rows of one shape, wherever they lie among the answers: the number of looks depends on the number of tables. */
function parsed<Row>(schema: z.ZodType<Row>, answers: Answers): Row[] {
  return answers.flat().flatMap((row) => {
    const { success, data } = schema.safeParse(row);
    return success ? [data] : [];
  });
}

function keyOf(row: z.infer<typeof namedSchema>): string {
  return tableKey({ schema: row.schema_name, table: row.table_name });
}

function candidates([, inserts = [], largest = []]: Answers): TableName[] {
  const named = z.array(namedSchema).parse([...inserts, ...largest]);
  return [
    ...new Map(named.map((row) => [keyOf(row), { schema: row.schema_name, table: row.table_name }])).values(),
  ];
}

type Counter = Omit<MysqlKeyUseRow, "failed">;

function countersOf([, inserts = [], , ...looks]: Answers): Counter[] {
  const rows = z.array(insertsSchema).parse(inserts);
  const inserted = new Map(rows.map((row) => [keyOf(row), row.inserts]));
  return parsed(counterSchema, looks).flatMap((row): Counter[] => {
    const maxValue = autoIncrementMaximum(row.column_type);
    if (maxValue === null || row.next_value === null) return [];
    const used = Number(BigInt(row.next_value) - 1n) / Number(maxValue);
    return [
      {
        schema: row.schema_name,
        table: row.table_name,
        column: row.column_name,
        type: row.column_type,
        nextValue: row.next_value,
        maxValue: String(maxValue),
        usedPercent: Math.min(100, Math.max(0, 100 * used)),
        inserts: rows.length === 0 ? null : (inserted.get(keyOf(row)) ?? 0),
      },
    ];
  });
}

/** MySQL's counter stands at the last value when it is taken already, and when it is still to be had. */
function isOut({ nextValue, maxValue }: Counter): boolean {
  return BigInt(nextValue) >= BigInt(maxValue);
}

function failedOf(row: z.infer<typeof failureSchema> | undefined): MysqlKeyUseRow["failed"] {
  if (row === undefined || row.failed === null) return null;
  return { count: row.failed, secondsAgo: Math.max(0, row.seconds_ago ?? 0) };
}
