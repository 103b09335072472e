import type { UnusableIndex } from "../contract/unusable-index.ts";
import { postgresName, quoteName } from "../text/sql-names.ts";
import type { OtherCondition } from "./other-conditions.ts";
import { createOn, otherIndex } from "./other-index.ts";
import type { TableFacts } from "./table-facts.ts";

/** Columns of one table that a plan compares and sorts by. */
export interface IndexCandidate {
  readonly schema: string;
  readonly relation: string;
  readonly equality: readonly {
    readonly column: string;
    readonly cast: string | null;
    /** It is compared with nothing else but NULL. */
    readonly absent?: boolean;
  }[];
  readonly range: readonly { readonly column: string; readonly cast: string | null }[];
  readonly sort: readonly { readonly column: string; readonly order: string }[];
  readonly others?: readonly OtherCondition[];
  /** The rows are wanted in the order of the one expression that is tested. */
  readonly ordered?: boolean;
  readonly why: string;
  /** The index by which rows are found today. */
  readonly narrows?: string;
  /** The index along which rows are read today, for its order. */
  readonly walks?: string;
  /** Nothing is tested but equality. */
  readonly only?: boolean;
  /** Only the first rows of its order are wanted. */
  readonly first?: boolean;
  /** Of the table's rows, what the planner expects the filter to leave. */
  readonly share?: number;
  /** The statement's counters tell that few rows are left. */
  readonly counted?: boolean;
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
  /** Of an index that holds these rows alone. */
  readonly where?: string;
  /** That it selects is told by the statement's counters, and no plan for any value shows it. */
  readonly counted?: true;
}

const maxColumns = 3;
/** Of a table: so few rows are found by an index whatever other values the column has. */
const rareShare = 0.01;

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
  const sort = orderOf(candidate, facts).filter(
    ({ column }) => !equality.includes(column) && distinct.has(column),
  );
  const other = otherIndex(candidate.others ?? [], facts);
  const few = selective(equality.map((column) => distinct.get(column) ?? 0));
  const weak = equality.length === 0 || !(few || isProved(candidate, equality.length));
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
  return indexOn(candidate, facts, keys, absentOf(candidate, equality));
}

function indexOn(
  candidate: IndexCandidate,
  facts: TableFacts,
  keys: IndexCandidate["sort"],
  absent: readonly string[],
): IndexSuggestion {
  const held = keys.filter(({ column }) => !absent.includes(column));
  const shown = held.length === 0 ? keys : held;
  const list = shown.map(({ column, order }) => `${quoteName(column)}${order && ` ${order}`}`).join(", ");
  const flags = (candidate.others ?? []).filter(({ kind }) => kind === "flag").map(({ sql }) => sql);
  const where = [...absent.map((column) => `${quoteName(column)} IS NULL`), ...flags].join(" AND ");
  return {
    ...rootOf(facts),
    columns: shown.map(({ column }) => column),
    ...(absent.length === 0 ? {} : { where }),
    createIndex: `${createOn(facts)} (${list})${where && ` WHERE ${where}`}`,
    why: candidate.why,
    ...(candidate.counted ? { counted: true } : {}),
    ...(candidate.narrows === undefined ? {} : { narrows: candidate.narrows }),
  };
}

/** Of the sort, or of the index that is walked for it. */
function orderOf({ sort, walks }: IndexCandidate, { named = [] }: TableFacts): IndexCandidate["sort"] {
  if (walks === undefined) return sort;
  const columns = named.find(({ index }) => index === walks)?.columns ?? [];
  return columns.map((column) => ({ column, order: "" }));
}

/**
 * That it finds few rows however few values the column has: by what the plan expects of the value that is asked for, by
 * the statement's counters, or because it ends after the first ones. All that is tested has to be in the index.
 */
function isProved({ only, share = 1, first, counted, equality }: IndexCandidate, usable: number): boolean {
  if (counted) return true;
  return only === true && equality.length === usable && (share <= rareShare || first === true);
}

/** Where nothing but their absence is asked for, those rows alone need an index: the others come and go without it. */
function absentOf({ equality, only }: IndexCandidate, used: readonly string[]): readonly string[] {
  const absent = equality.filter((one) => one.absent === true).map(({ column }) => column);
  return only === true && used.length > 0 && used.every((column) => absent.includes(column)) ? used : [];
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

/** A fifth of the table and more is read whole sooner; null or 0: not known. */
function selective(distinct: readonly number[]): boolean {
  return distinct.some((count) => count <= 0) || distinct.reduce((all, count) => all * count, 1) >= 5;
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
