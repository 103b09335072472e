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
    /** Of the rows that have a value, those that have the most frequent one; null when not known. */
    readonly top?: number | null;
  }[];
  /** Columns or expressions of each usable whole B-tree, in order: what it only includes is no key. */
  readonly indexes: readonly (readonly string[])[];
  /** The same with their names; absent: not known. */
  readonly named?: readonly { readonly index: string; readonly columns: readonly string[] }[];
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
