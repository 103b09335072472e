import { mysqlName } from "../text/sql-names.ts";
import type { MysqlCondition } from "./mysql-conditions.ts";
import type { IndexSuggestion } from "./suggest-index.ts";

export interface HiddenIndex {
  readonly index: string;
  readonly columns: readonly string[];
  readonly because: "invisible" | "ignored";
  /** Makes it again. */
  readonly definition: string;
}

/** What the catalogue knows of one table. */
export interface MysqlTableFacts {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Columns of each usable index, in order; empty for an expression. */
  readonly indexes: readonly (readonly string[])[];
  /** Columns of which some index has how they begin. */
  readonly parted?: readonly string[];
  /** Of the same shape, and hidden from the planner. */
  readonly hidden?: readonly HiddenIndex[];
}

const maxColumns = 3;
/** Only with a prefix length or on an expression. */
const notForKeys =
  /^(?:tiny|medium|long)?(?:text|blob)$|^(?:json|geometry|point|linestring|polygon|multi\w+|geomcollection)$/;
/** A key takes how it begins, which finds a whole value as well, and gives no order. */
const byPrefix = /^(?:tiny|medium|long)?text$/;
const prefixCharacters = 64;

type Takes = (type: string) => boolean;
const whole: Takes = (type) => !notForKeys.test(type);
const ofText: Takes = (type) => byPrefix.test(type);

/** As the table spells them; without those of a type that no whole key takes. */
function namedIn({ columns }: MysqlTableFacts, names: readonly string[], takes: Takes = whole): string[] {
  const usable = new Map(
    columns.filter(({ type }) => takes(type)).map(({ name }) => [name.toLowerCase(), name]),
  );
  return [...new Set(names.flatMap((name) => usable.get(name.toLowerCase()) ?? []))];
}

/** What an index would have of a column, of which a sample is to be taken. */
export function keptOf(column: string, { columns }: MysqlTableFacts): string {
  const name = mysqlName(column);
  const type = columns.find((one) => one.name === column)?.type ?? "";
  return ofText(type) ? `LEFT(${name}, ${prefixCharacters}) AS ${name}` : name;
}

/** The one column of text that is compared with a value, which an index takes by its beginning. */
function textCompared(conditions: readonly MysqlCondition[], facts: MysqlTableFacts): readonly string[] {
  const compared = conditions.filter(({ kind }) => kind === "equality").map(({ column }) => column);
  const { parted = [] } = facts;
  return namedIn(facts, compared, ofText)
    .filter((column) => !parted.includes(column))
    .slice(0, 1);
}

/** Of some column the new index has how its values begin, and no more. */
export function takesPart({ columns, unusable }: IndexSuggestion, facts: MysqlTableFacts): boolean {
  return unusable === undefined && namedIn(facts, columns, ofText).length > 0;
}

/** Of what is compared for equality, what the index has: all that a sample can tell of it. */
export function columnsToSample(
  conditions: readonly MysqlCondition[],
  facts: MysqlTableFacts,
  { columns }: Pick<IndexSuggestion, "columns">,
): readonly string[] {
  return [...usableColumns(conditions, facts, "equality"), ...textCompared(conditions, facts)].filter(
    (column) => columns.includes(column),
  );
}

/** Columns that are compared so and that an index takes, of equality no more than it has room for. */
export function usableColumns(
  conditions: readonly MysqlCondition[],
  facts: MysqlTableFacts,
  kind: MysqlCondition["kind"],
): readonly string[] {
  const columns = namedIn(
    facts,
    conditions.filter((one) => one.kind === kind).map(({ column }) => column),
  );
  return kind === "equality" ? columns.slice(0, maxColumns) : columns;
}

/**
 * Columns compared for equality first, then one range, or the order when there is no range, or else one text by how it
 * begins. Null when nothing usable is left, or an index begins with these columns already.
 */
export function suggestMysqlIndex(
  conditions: readonly MysqlCondition[],
  order: readonly string[],
  facts: MysqlTableFacts,
  why: string,
): IndexSuggestion | null {
  const named = (names: readonly string[]): string[] => namedIn(facts, names);
  const equality = usableColumns(conditions, facts, "equality");
  const range = usableColumns(conditions, facts, "range").filter((column) => !equality.includes(column));
  const sorted = named(order).length === order.length ? named(order) : [];
  const tail = range.length > 0 ? range.slice(0, 1) : sorted.filter((column) => !equality.includes(column));
  const text = tail.length === 0 && order.length === 0 ? textCompared(conditions, facts) : [];
  const columns = [...equality, ...tail, ...text].slice(0, maxColumns);
  if (columns.length === 0 || facts.indexes.some((index) => leads(index, columns, equality.length)))
    return null;
  const hidden = facts.hidden?.find((index) => leads(index.columns, columns, equality.length));
  if (hidden !== undefined) return shown(hidden, facts, why);
  const keyOf = (column: string): string =>
    `${mysqlName(column)}${text.includes(column) ? `(${prefixCharacters})` : ""}`;
  return indexOn(facts, columns, columns.map(keyOf).join(", "), why);
}

/** Null where the table has an index on an expression already: the server would have used the right one. */
export function suggestFunctionIndex(
  [key]: readonly string[],
  facts: MysqlTableFacts,
  why: string,
): IndexSuggestion | null {
  if (key === undefined || facts.indexes.some((index) => index.includes(""))) return null;
  // It adds a hidden column, and takes no other lock: "LOCK=NONE is not supported" (seen on 8.4 and 9).
  return indexOn(facts, [key], `(${key})`, why, "SHARED");
}

/** https://dev.mysql.com/doc/refman/8.4/en/invisible-indexes.html, https://mariadb.com/kb/en/ignored-indexes/ */
export function shown(
  { index, columns, because, definition }: HiddenIndex,
  { schema, table }: Pick<MysqlTableFacts, "schema" | "table">,
  why: string,
): IndexSuggestion {
  const createIndex = `ALTER TABLE ${mysqlName(schema, table)} ALTER INDEX ${mysqlName(index)} ${because === "ignored" ? "NOT IGNORED" : "VISIBLE"}`;
  return { schema, table, columns, createIndex, why, unusable: { index, because, definition } };
}

function indexOn(
  { schema, table }: MysqlTableFacts,
  columns: readonly string[],
  keys: string,
  why: string,
  lock: "NONE" | "SHARED" = "NONE",
): IndexSuggestion {
  const name = mysqlName(`${table}_${columns.join("_").replace(/\W+/g, "_")}`.slice(0, 60));
  const createIndex = `ALTER TABLE ${mysqlName(schema, table)} ADD INDEX ${name} (${keys}), ALGORITHM=INPLACE, LOCK=${lock}`;
  return { schema, table, columns, createIndex, why };
}

/** The order of the columns compared for equality does not matter. */
function leads(index: readonly string[], columns: readonly string[], equalities: number): boolean {
  const head = index.slice(0, equalities);
  const same = columns.slice(0, equalities).every((column) => head.includes(column));
  return same && columns.slice(equalities).every((column, at) => index[equalities + at] === column);
}
