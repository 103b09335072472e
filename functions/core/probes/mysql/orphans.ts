import * as z from "zod";
import { mysqlName } from "../../text/sql-names.ts";
import { defineProbe, type FollowStatement, type Need, type ProbeContext } from "../define.ts";
import { type MysqlOrphansRow, mysqlOrphansRows } from "./orphans-rows.ts";
import { contestedBy, contestedStatements } from "./plans/contested.ts";

/** Tag of the database: foreign keys as "schema.constraint", with blanks between them. */
export const foreignKeysTag = "rds-responder:check-foreign-keys";

const maxForeignKeys = 3;
const maxCheckedRows = 200_000;

const selectOnTables: Need = {
  kind: "grant",
  name: "SELECT on both tables of the foreign key",
  enable: "GRANT SELECT, SHOW VIEW, EVENT ON *.* TO {user}",
  optional: "plans of statements, broken views, orphaned rows, and whose work an event does",
};

const columnsSql = `
  SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, COLUMN_NAME AS column_name,
    REFERENCED_TABLE_SCHEMA AS parent_schema, REFERENCED_TABLE_NAME AS parent_table,
    REFERENCED_COLUMN_NAME AS parent_column
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE TABLE_SCHEMA = ? AND CONSTRAINT_NAME = ? AND REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY ORDINAL_POSITION`;

const columnSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  parent_schema: z.string(),
  parent_table: z.string(),
  parent_column: z.string(),
});
type Column = z.infer<typeof columnSchema>;
const countSchema = z.object({ checked: z.coerce.number(), orphaned: z.coerce.number() });
const failedSchema = z.object({ failed: z.string() });

/**
 * Neither engine remembers that foreign_key_checks was off while rows came in, and looking into every key means
 * reading every table: only keys that somebody names are looked into.
 */
export const mysqlOrphans = defineProbe({
  ...mysqlOrphansRows,
  spec: ["P34"],
  title: "Do the foreign keys that were named have rows without a parent?",
  engines: ["mysql", "mariadb"],
  tier: "health",
  cost: `At most ${maxForeignKeys} foreign keys, ${maxCheckedRows} referencing rows of each looked up in the parent's index; none when none is named.`,
  needs: [selectOnTables],
  maxRows: maxForeignKeys,
  source: "https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html#foreign-key-checks",
  statements: (context) =>
    namesOf(context).map(({ schema, constraint }) => ({ sql: columnsSql, params: [schema, constraint] })),
  followRounds: 2,
  follow: (answers, context): readonly FollowStatement[] => {
    const named = namesOf(context).length;
    if (named === 0 || answers.length > countsFrom(named)) return [];
    if (answers.length === named) return contestedStatements;
    const isContested = contestedBy(answers.slice(named));
    return answers.slice(0, named).map((rows) => {
      const key = keyOf(rows);
      const queued = key !== null && tablesOf(key).some(isContested);
      return { sql: key === null ? "DO 0" : queued ? isQueuedFor : countOrphans(key), mayFail: true };
    });
  },
  read: (answers, context): MysqlOrphansRow[] => {
    const names = namesOf(context);
    return names.map((name, at) =>
      rowOf(name, keyOf(answers[at]), answers[countsFrom(names.length) + at]?.[0]),
    );
  },
});

const isQueuedFor = "SELECT 'somebody queues for its table, and a look would queue as well' AS failed";

/** After the keys themselves and the queues. */
function countsFrom(named: number): number {
  return named + contestedStatements.length;
}

function tablesOf({ first }: ForeignKey) {
  return [
    { schema: first.schema_name, table: first.table_name },
    { schema: first.parent_schema, table: first.parent_table },
  ];
}

interface Name {
  readonly schema: string;
  readonly constraint: string;
}

function namesOf({ target }: ProbeContext): readonly Name[] {
  return (target.tags[foreignKeysTag] ?? "")
    .split(/\s+/)
    .flatMap((name) => {
      const [, schema, constraint] = /^([^.]+)\.(.+)$/.exec(name) ?? [];
      return schema === undefined || constraint === undefined ? [] : [{ schema, constraint }];
    })
    .slice(0, maxForeignKeys);
}

interface ForeignKey {
  readonly first: Column;
  readonly child: string;
  readonly parent: string;
  readonly present: string;
  readonly matches: string;
}

function keyOf(rows: unknown): ForeignKey | null {
  const columns = z.array(columnSchema).safeParse(rows).data ?? [];
  const [first] = columns;
  if (first === undefined) return null;
  return {
    first,
    child: mysqlName(first.schema_name, first.table_name),
    parent: mysqlName(first.parent_schema, first.parent_table),
    // MATCH SIMPLE, the only kind there is: one null, and nothing is referenced.
    present: columns.map((one) => `c.${mysqlName(one.column_name)} IS NOT NULL`).join(" AND "),
    matches: columns
      .map((one) => `p.${mysqlName(one.parent_column)} = c.${mysqlName(one.column_name)}`)
      .join(" AND "),
  };
}

function countOrphans({ child, parent, present, matches }: ForeignKey): string {
  return `
    SELECT COUNT(*) AS checked, COALESCE(SUM(orphan), 0) AS orphaned
    FROM (SELECT (${present}) AND NOT EXISTS (SELECT 1 FROM ${parent} AS p WHERE ${matches}) AS orphan
      FROM ${child} AS c LIMIT ${maxCheckedRows}) AS looked_at`;
}

function rowOf(name: Name, key: ForeignKey | null, answer: unknown): MysqlOrphansRow {
  const counted = countSchema.safeParse(answer);
  const unknown = { orphanedRows: null, checkedRows: null, partial: true };
  if (key === null) {
    const reason = "there is no such foreign key, or it is not visible";
    const head = {
      schema: name.schema,
      table: "?",
      constraint: name.constraint,
      referencedTable: "?",
      select: "",
    };
    return { ...head, ...unknown, reason };
  }
  const { first, child, parent, present, matches } = key;
  const head = {
    schema: first.schema_name,
    table: first.table_name,
    constraint: name.constraint,
    referencedTable: `${first.parent_schema}.${first.parent_table}`,
    select: `SELECT c.* FROM ${child} AS c WHERE ${present} AND NOT EXISTS (SELECT 1 FROM ${parent} AS p WHERE ${matches}) LIMIT 100`,
  };
  if (!counted.success) {
    return { ...head, ...unknown, reason: failedSchema.safeParse(answer).data?.failed ?? "not asked" };
  }
  const { checked, orphaned } = counted.data;
  return {
    ...head,
    orphanedRows: orphaned,
    checkedRows: checked,
    partial: checked >= maxCheckedRows,
    reason: null,
  };
}
