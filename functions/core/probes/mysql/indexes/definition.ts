import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import { type TableName, tableKey } from "./sql.ts";

export interface IndexColumn {
  /** As it is written in CREATE INDEX: quoted name, prefix length, order; or an expression in parentheses. */
  readonly text: string;
  /** Null for an expression. */
  readonly name: string | null;
}

export interface IndexDefinition extends TableName {
  readonly index: string;
  readonly unique: boolean;
  readonly type: string;
  readonly visible: boolean;
  readonly columns: readonly IndexColumn[];
  /** Distinct values of all columns together, estimated. */
  readonly cardinality: number | null;
}

const number = z.coerce.number();
const columnSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  index_name: z.string(),
  non_unique: number,
  seq: number,
  column_name: z.string().nullable(),
  sub_part: number.nullable(),
  sort_order: z.string().nullable(),
  index_type: z.string(),
  cardinality: number.nullable(),
  expression: z.string().nullable(),
  visible: number,
});
type Column = z.infer<typeof columnSchema>;

/** Indexes of the tables asked for, by tableKey. */
export function indexDefinitions(rows: readonly SqlRow[]): ReadonlyMap<string, readonly IndexDefinition[]> {
  const columns = z.array(columnSchema).parse(rows);
  const groups = Map.groupBy(columns, (row) =>
    JSON.stringify([row.schema_name, row.table_name, row.index_name]),
  );
  return Map.groupBy([...groups.values()].flatMap(definitionOf), tableKey);
}

function definitionOf(rows: readonly Column[]): IndexDefinition[] {
  const ordered = rows.toSorted((a, b) => a.seq - b.seq);
  const last = ordered.at(-1);
  if (last === undefined) return [];
  return [
    {
      schema: last.schema_name,
      table: last.table_name,
      index: last.index_name,
      unique: last.non_unique === 0,
      type: last.index_type,
      visible: last.visible === 1,
      columns: ordered.map(columnOf),
      cardinality: last.cardinality,
    },
  ];
}

export function columnOf({
  column_name,
  sub_part,
  sort_order,
  expression,
}: Pick<Column, "column_name" | "sub_part" | "sort_order" | "expression">): IndexColumn {
  const order = sort_order === "D" ? " DESC" : "";
  if (column_name === null) return { text: `(${expression ?? "?"})${order}`, name: null };
  const prefix = sub_part === null ? "" : `(${sub_part})`;
  return { text: `${mysqlName(column_name)}${prefix}${order}`, name: column_name };
}

/** Makes it again. */
export function createIndex({
  schema,
  table,
  index,
  unique,
  type,
  columns,
}: Omit<IndexDefinition, "visible" | "cardinality">): string {
  const isPlain = type === "BTREE" || type === "HASH";
  const kind = unique ? "UNIQUE " : isPlain ? "" : `${type} `;
  const list = columns.map(({ text }) => text).join(", ");
  const using = type === "HASH" ? " USING HASH" : "";
  return `CREATE ${kind}INDEX ${mysqlName(index)} ON ${mysqlName(schema, table)} (${list})${using}`;
}

export interface Covered {
  readonly index: IndexDefinition;
  readonly problem: "duplicate" | "redundant-prefix";
  readonly by: IndexDefinition;
}

/** Indexes of one table that another one of it makes superfluous. */
export function coveredIndexes(indexes: readonly IndexDefinition[]): Covered[] {
  const trees = indexes.filter(({ type }) => type === "BTREE");
  return trees.flatMap((index) => {
    const by = trees.filter((other) => covers(other, index)).toSorted(preferred)[0];
    if (by === undefined) return [];
    const problem = by.columns.length === index.columns.length ? "duplicate" : "redundant-prefix";
    return [{ index, problem, by } as const];
  });
}

/** A unique index is a rule as well: only another one that enforces the same makes it superfluous. */
function covers(other: IndexDefinition, index: IndexDefinition): boolean {
  if (other === index || index.index === "PRIMARY" || !other.visible) return false;
  const same = other.columns.length === index.columns.length;
  if (index.unique && !(same && other.unique)) return false;
  if (!index.columns.every(({ text }, at) => other.columns[at]?.text === text)) return false;
  // Of two that are alike one stays.
  return !same || preferred(other, index) < 0;
}

function preferred(a: IndexDefinition, b: IndexDefinition): number {
  return rank(a) - rank(b) || a.columns.length - b.columns.length || (a.index < b.index ? -1 : 1);
}

function rank({ index, unique }: IndexDefinition): number {
  if (index === "PRIMARY") return 0;
  return unique ? 1 : 2;
}
