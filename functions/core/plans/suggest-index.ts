import { postgresName, quoteName } from "../text/sql-names.ts";
/** Columns of one table that a plan compares and sorts by. */
export interface IndexCandidate {
  readonly schema: string;
  readonly relation: string;
  readonly equality: readonly { readonly column: string; readonly cast: string | null }[];
  readonly range: readonly { readonly column: string; readonly cast: string | null }[];
  readonly sort: readonly { readonly column: string; readonly order: string }[];
  readonly why: string;
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
  /** Columns of each usable whole B-tree, in order. */
  readonly indexes: readonly (readonly string[])[];
}

export interface IndexSuggestion {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly createIndex: string;
  readonly why: string;
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
  const last = range[0] === undefined ? withDirections(sort) : [{ column: range[0], order: "" }];
  const keys = [...equality.map((column) => ({ column, order: "" })), ...last].slice(0, maxColumns);
  const columns = keys.map(({ column }) => column);
  if (columns.length === 0 || facts.indexes.some((index) => leads(index, columns, equality.length)))
    return null;
  const table = postgresName(facts.rootSchema, facts.rootRelation);
  const list = keys.map(({ column, order }) => `${quoteName(column)}${order && ` ${order}`}`).join(", ");
  return {
    schema: facts.rootSchema,
    table: facts.rootRelation,
    columns,
    // CONCURRENTLY is not to be had on a partitioned table.
    createIndex: `CREATE INDEX ${facts.partitioned ? "" : "CONCURRENTLY "}ON ${table} (${list})`,
    why: candidate.why,
  };
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
