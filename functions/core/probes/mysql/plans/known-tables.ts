import * as z from "zod";
import type { MysqlExplainable } from "../../../plans/mysql-explainable.ts";
import { type PartitionValue, partitionValue } from "../../../plans/mysql-partition-values.ts";
import type { MysqlTableFacts } from "../../../plans/mysql-suggest-index.ts";
import type { ServerInfo } from "../../../ports.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import type { FollowStatement } from "../../define.ts";
import { columnOf, createIndex } from "../indexes/definition.ts";
import { versionIsAtLeast } from "../sight.ts";
import { contestedBy, contestedStatements } from "./contested.ts";
import type { Answers, WorstStatement } from "./worst-statement.ts";

type Explainable = Extract<MysqlExplainable, { readonly kind: "yes" }>;
export interface Asked {
  readonly worst: WorstStatement;
  readonly explainable: Explainable;
  readonly tables: readonly { readonly alias: string; readonly schema: string; readonly table: string }[];
}
const maxTables = 12;
/** As many as a table may have: https://dev.mysql.com/doc/refman/8.4/en/partitioning-limitations.html */
const maxPartitions = 8192;
const factStatements = 4;

function tablesOf(asked: readonly Pick<Asked, "tables">[]) {
  const all = asked.flatMap(({ tables }) => tables);
  return [...new Map(all.map((one) => [keyOf(one), one])).values()].slice(0, maxTables);
}

export function keyOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return mysqlName(schema, table);
}

/** One table at a time: MariaDB looks a table up by name only where both names are constants. */
export function askFacts(
  asked: readonly Pick<Asked, "tables">[],
  server: ServerInfo,
): readonly FollowStatement[] {
  const tables = tablesOf(asked).flatMap(({ schema, table }) => {
    const params = [schema, table];
    const where = "WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";
    return [
      `SELECT TABLE_TYPE AS kind FROM information_schema.TABLES ${where}`,
      `SELECT COLUMN_NAME AS name, LOWER(DATA_TYPE) AS type FROM information_schema.COLUMNS ${where}`,
      `SELECT INDEX_NAME AS index_name, COLUMN_NAME AS column_name, NON_UNIQUE AS non_unique, SUB_PART AS sub_part,
        COLLATION AS sort_order, ${server.engine === "mariadb" ? "NULL" : "EXPRESSION"} AS expression, ${visibleColumn(server)} AS visible, SEQ_IN_INDEX AS place
        FROM information_schema.STATISTICS ${where} AND INDEX_TYPE = 'BTREE' ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
      `SELECT PARTITION_METHOD AS method, PARTITION_EXPRESSION AS expression, PARTITION_DESCRIPTION AS description,
        TABLE_ROWS AS row_count FROM information_schema.PARTITIONS ${where}
        ORDER BY PARTITION_ORDINAL_POSITION LIMIT ${maxPartitions}`,
    ].map((sql) => ({ sql, params, mayFail: true as const }));
  });
  return [...contestedStatements, ...tables];
}

/** MariaDB ignores indexes from 10.6 on. */
function visibleColumn(server: ServerInfo): string {
  if (server.engine !== "mariadb") return "IF(IS_VISIBLE = 'YES', 1, 0)";
  return versionIsAtLeast(server, [10, 6]) ? "IF(IGNORED = 'YES', 0, 1)" : "1";
}

const kindSchema = z.array(z.object({ kind: z.string() }));
const columnsSchema = z.array(z.object({ name: z.string(), type: z.string() }));
const indexSchema = z.array(
  z.object({
    index_name: z.string(),
    column_name: z.string().nullable(),
    non_unique: z.coerce.number(),
    sub_part: z.coerce.number().nullable(),
    sort_order: z.string().nullable(),
    expression: z.string().nullable(),
    visible: z.coerce.number(),
    place: z.coerce.number().default(0),
  }),
);
const partitionsSchema = z.array(
  z
    .object({
      method: z.string().nullable(),
      expression: z.string().nullable(),
      description: z.string().nullable(),
      row_count: z.coerce.number(),
    })
    .transform(({ row_count: rows, ...part }) => ({ ...part, rows })),
);

export interface Known {
  readonly view: boolean;
  /** Somebody queues for it. */
  readonly contested: boolean;
  /** The first column of its primary key: the order in which its rows lie; null: none, or only a part of a column. */
  readonly first: string | null;
  /** Values of its largest partition; null: not partitioned, or none known. */
  readonly partition: PartitionValue | null;
  readonly facts: MysqlTableFacts;
}

export function knownTables(
  asked: readonly Pick<Asked, "tables">[],
  answers: Answers,
  { engine }: ServerInfo,
): ReadonlyMap<string, Known> {
  const because = engine === "mariadb" ? "ignored" : "invisible";
  const isContested = contestedBy(answers);
  return new Map(
    tablesOf(asked).map((one, at) => {
      const from = contestedStatements.length + at * factStatements;
      const [kind, columns, indexes, parts] = answers.slice(from, from + factStatements);
      const rows = indexSchema.safeParse(indexes).data ?? [];
      const all = [...Map.groupBy(rows, ({ index_name }) => index_name)].map(([index, parts]) => ({
        ...({ index, because, visible: parts.every(({ visible }) => visible === 1) } as const),
        columns: beforePart(parts).map(({ column_name }) => column_name ?? ""),
        definition: createIndex({
          ...{ schema: one.schema, table: one.table, index, type: "BTREE" },
          ...{ unique: parts.every(({ non_unique }) => non_unique === 0), columns: parts.map(columnOf) },
        }),
      }));
      const facts = {
        schema: one.schema,
        table: one.table,
        columns: columnsSchema.safeParse(columns).data ?? [],
        indexes: all.filter(({ visible }) => visible).map(({ columns }) => columns),
        hidden: all.filter(({ visible }) => !visible),
        parted: rows.flatMap(({ sub_part, column_name }) => (sub_part === null ? [] : (column_name ?? []))),
      };
      const first =
        rows.find(
          ({ index_name, place, sub_part }) => index_name === "PRIMARY" && place === 1 && sub_part === null,
        )?.column_name ?? null;
      const view = kindSchema.safeParse(kind).data?.[0]?.kind === "VIEW";
      const partition = partitionValue(partitionsSchema.safeParse(parts).data ?? []);
      return [keyOf(one), { view, contested: isContested(one), first, partition, facts }] as const;
    }),
  );
}

/** A part of a column finds no row of itself, and what comes after it none without it. */
function beforePart<Part extends { readonly sub_part: number | null }>(
  parts: readonly Part[],
): readonly Part[] {
  const first = parts.findIndex(({ sub_part }) => sub_part !== null);
  return first === -1 ? parts : parts.slice(0, first);
}
