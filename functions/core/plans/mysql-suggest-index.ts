import { mysqlName } from "../text/sql-names.ts";
import type { MysqlCondition } from "./mysql-conditions.ts";
import type { IndexSuggestion } from "./suggest-index.ts";

/** What the catalogue knows of one table. */
export interface MysqlTableFacts {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Columns of each usable index, in order. */
  readonly indexes: readonly (readonly string[])[];
}

const maxColumns = 3;
/** Only with a prefix length or on an expression. */
const notForKeys =
  /^(?:tiny|medium|long)?(?:text|blob)$|^(?:json|geometry|point|linestring|polygon|multi\w+|geomcollection)$/;

/**
 * Columns compared for equality first, then one range, or the order when there is no range. Null when nothing usable is
 * left, or an index begins with these columns already.
 */
export function suggestMysqlIndex(
  conditions: readonly MysqlCondition[],
  order: readonly string[],
  facts: MysqlTableFacts,
  why: string,
): IndexSuggestion | null {
  const usable = new Map(
    facts.columns.filter(({ type }) => !notForKeys.test(type)).map(({ name }) => [name.toLowerCase(), name]),
  );
  const named = (names: readonly string[]): string[] => [
    ...new Set(names.flatMap((name) => usable.get(name.toLowerCase()) ?? [])),
  ];
  const of = (kind: MysqlCondition["kind"]): string[] =>
    named(conditions.filter((one) => one.kind === kind).map(({ column }) => column));
  const equality = of("equality").slice(0, maxColumns);
  const range = of("range").filter((column) => !equality.includes(column));
  const sorted = named(order).length === order.length ? named(order) : [];
  const tail = range.length > 0 ? range.slice(0, 1) : sorted.filter((column) => !equality.includes(column));
  const columns = [...equality, ...tail].slice(0, maxColumns);
  if (columns.length === 0 || facts.indexes.some((index) => leads(index, columns, equality.length)))
    return null;
  const table = mysqlName(facts.schema, facts.table);
  const name = mysqlName(`${facts.table}_${columns.join("_")}`.slice(0, 60));
  return {
    schema: facts.schema,
    table: facts.table,
    columns,
    createIndex: `ALTER TABLE ${table} ADD INDEX ${name} (${columns.map((column) => mysqlName(column)).join(", ")}), ALGORITHM=INPLACE, LOCK=NONE`,
    why,
  };
}

/** The order of the columns compared for equality does not matter. */
function leads(index: readonly string[], columns: readonly string[], equalities: number): boolean {
  const head = index.slice(0, equalities);
  const same = columns.slice(0, equalities).every((column) => head.includes(column));
  return same && columns.slice(equalities).every((column, at) => index[equalities + at] === column);
}
