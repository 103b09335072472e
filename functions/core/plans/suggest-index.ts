import type { UnusableIndex } from "../contract/unusable-index.ts";
import { postgresName, quoteName } from "../text/sql-names.ts";
import { containsIndex } from "./contains-index.ts";
import type { OtherCondition } from "./other-conditions.ts";
import { prefixIndex } from "./prefix-index.ts";

/** Columns of one table that a plan compares and sorts by. */
export interface IndexCandidate {
  readonly schema: string;
  readonly relation: string;
  readonly equality: readonly { readonly column: string; readonly cast: string | null }[];
  readonly range: readonly { readonly column: string; readonly cast: string | null }[];
  readonly sort: readonly { readonly column: string; readonly order: string }[];
  readonly others?: readonly OtherCondition[];
  readonly why: string;
  /** The index by which rows are found today. */
  readonly narrows?: string;
}

export interface TableFacts {
  readonly schema: string;
  readonly relation: string;
  /** Where an index belongs: the table itself, or the root of a partition. */
  readonly rootSchema: string;
  readonly rootRelation: string;
  readonly partitioned: boolean;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    /** Distinct values, as a number; null when not known. */
    readonly distinct: number | null;
  }[];
  /** Columns or expressions of each usable whole B-tree, in order: what it only includes is no key. */
  readonly indexes: readonly (readonly string[])[];
  /** Of the same shape, but left behind by a build that failed; none that is built just now. */
  readonly invalid?: readonly { readonly index: string; readonly columns: readonly string[] }[];
  /** Columns that lead a B-tree in which LIKE finds a prefix: by its operators, or its collation C. */
  readonly prefixes?: readonly string[];
  /** Operator classes of the GIN indexes of each column, but for trigrams. */
  readonly contained?: readonly { readonly column: string; readonly operators: string }[];
  /** Columns that have a trigram index. */
  readonly trigrams?: readonly string[];
  /** Where pg_trgm is; null: not installed. */
  readonly trigramSchema?: string | null;
}

export interface IndexSuggestion {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly createIndex: string;
  readonly why: string;
  /** It is there already, but the planner may not use it: `createIndex` makes that one usable. */
  readonly unusable?: UnusableIndex;
  /** The index by which rows are found today, of which it would leave few. */
  readonly narrows?: string;
}

const maxColumns = 3;

/**
 * Equality first, the most selective column leading; then one range, or the order when there is no range. Null when
 * nothing usable is left or an index with these leading columns exists already.
 */
export function suggestIndex(candidate: IndexCandidate, facts: TableFacts): IndexSuggestion | null {
  const usable = (side: IndexCandidate["equality"]): string[] => [
    ...new Set(side.filter((one) => servesCast(one, facts)).map(({ column }) => column)),
  ];
  const distinct = new Map(facts.columns.map((column) => [column.name, column.distinct ?? 0]));
  const equality = usable(candidate.equality).toSorted(
    (a, b) => (distinct.get(b) ?? 0) - (distinct.get(a) ?? 0),
  );
  const range = usable(candidate.range).filter((column) => !equality.includes(column));
  const sort = candidate.sort.filter(({ column }) => !equality.includes(column) && distinct.has(column));
  const other = otherIndex(candidate.others ?? [], facts);
  const weak = equality.length === 0 || !selective(equality.map((column) => distinct.get(column) ?? 0));
  // Of an order that is searched by a pattern it is not known how far it has to be read.
  if (range.length === 0 && weak && other !== null) return { ...other, ...rootOf(facts), why: candidate.why };
  if (range.length === 0 && weak && equality.length > 0) return null;
  const last = range[0] === undefined ? withDirections(sort) : [{ column: range[0], order: "" }];
  const keys = [...equality.map((column) => ({ column, order: "" })), ...last].slice(0, maxColumns);
  const columns = keys.map(({ column }) => column);
  if (columns.length === 0 || facts.indexes.some((index) => leads(index, columns, equality.length)))
    return null;
  const broken = facts.invalid?.find((index) => leads(index.columns, columns, equality.length));
  if (broken !== undefined) return rebuilt(broken, facts, candidate.why);
  const list = keys.map(({ column, order }) => `${quoteName(column)}${order && ` ${order}`}`).join(", ");
  const flags = (candidate.others ?? []).filter(({ kind }) => kind === "flag").map(({ sql }) => sql);
  const where = flags.length === 0 ? "" : ` WHERE ${flags.join(" AND ")}`;
  return {
    ...rootOf(facts),
    columns,
    createIndex: `${createOn(facts)} (${list})${where}`,
    why: candidate.why,
    ...(candidate.narrows === undefined ? {} : { narrows: candidate.narrows }),
  };
}

/** https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY */
function rebuilt(
  { index, columns }: NonNullable<TableFacts["invalid"]>[number],
  { schema, relation }: TableFacts,
  why: string,
): IndexSuggestion {
  const createIndex = `REINDEX INDEX CONCURRENTLY ${postgresName(schema, index)}`;
  return { schema, table: relation, columns, createIndex, why, unusable: { index, because: "invalid" } };
}

const rootOf = ({ rootSchema, rootRelation }: TableFacts) => ({ schema: rootSchema, table: rootRelation });

/** CONCURRENTLY is not to be had on a partitioned table. */
function createOn({ partitioned, rootSchema, rootRelation }: TableFacts): string {
  return `CREATE INDEX ${partitioned ? "" : "CONCURRENTLY "}ON ${postgresName(rootSchema, rootRelation)}`;
}

/** A fifth of the table and more is read whole sooner; null or 0: not known. */
function selective(distinct: readonly number[]): boolean {
  return distinct.some((count) => count <= 0) || distinct.reduce((all, count) => all * count, 1) >= 5;
}

/** An index on an expression, on what a column holds, or on trigrams; null when none would serve or it is there already. */
function otherIndex(
  others: readonly OtherCondition[],
  facts: TableFacts,
): Pick<IndexSuggestion, "columns" | "createIndex"> | null {
  const expression = others.find(({ kind, columns }) => kind === "expression" && !isTimed(columns, facts));
  const bare = (sql: string | undefined): string => (sql ?? "").replace(/[\s()]/g, "");
  if (expression) {
    const { sql } = expression;
    if (facts.indexes.some(([first]) => bare(first) === bare(sql))) return null;
    return { columns: [sql], createIndex: `${createOn(facts)} ((${sql}))` };
  }
  const held = others.filter(({ kind }) => kind === "contains").map((one) => containsIndex(one, facts));
  const contains = held.find((one) => one !== null);
  if (contains)
    return { columns: contains.columns, createIndex: `${createOn(facts)} USING gin (${contains.key})` };
  const pattern = others.find(({ kind }) => kind === "pattern");
  const column = pattern?.columns[0];
  if (pattern === undefined || column === undefined || facts.trigrams?.includes(column)) return null;
  const prefix = prefixIndex(column, pattern.prefix ?? null, facts);
  if (prefix !== null) return { ...prefix, createIndex: `${createOn(facts)} (${prefix.key})` };
  const { trigramSchema = null } = facts;
  const operators =
    trigramSchema === null || trigramSchema === "public"
      ? "gin_trgm_ops"
      : postgresName(trigramSchema, "gin_trgm_ops");
  return {
    columns: [`${column} gin_trgm_ops`],
    createIndex: `${trigramSchema === null ? "CREATE EXTENSION pg_trgm;\n" : ""}${createOn(facts)} USING gin (${quoteName(column)} ${operators})`,
  };
}

/** Expressions of times depend on the session's time zone, mostly. */
function isTimed(columns: readonly string[], { columns: known }: TableFacts): boolean {
  return columns.some((column) =>
    /^(time|date|interval)/.test(known.find(({ name }) => name === column)?.type ?? ""),
  );
}

/** varchar compares as text through the same operators; any other cast leaves an index on the bare column useless. */
function servesCast({ column, cast }: { column: string; cast: string | null }, facts: TableFacts): boolean {
  const type = facts.columns.find(({ name }) => name === column)?.type;
  if (type === undefined || notForBtree.has(type)) return false;
  return cast === null || (cast === "text" && type === "varchar");
}

const notForBtree: ReadonlySet<string> = new Set([
  "json",
  "xml",
  "point",
  "box",
  "polygon",
  "line",
  "circle",
]);

/** An index can be read backwards: directions matter only when they differ or nulls are put elsewhere. */
function withDirections(sort: IndexCandidate["sort"]): IndexCandidate["sort"] {
  const plain = new Set(sort.map(({ order }) => order));
  const [only = ""] = plain;
  const simple = plain.size === 1 && (only === "" || only === "ASC" || only === "DESC");
  return simple ? sort.map(({ column }) => ({ column, order: "" })) : sort;
}

function leads(index: readonly string[], columns: readonly string[], equalities: number): boolean {
  const head = index.slice(0, equalities);
  const sameSet = columns.slice(0, equalities).every((column) => head.includes(column));
  return sameSet && columns.slice(equalities).every((column, at) => index[equalities + at] === column);
}
