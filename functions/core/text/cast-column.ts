export interface CastColumn {
  readonly column: string;
  readonly type: string;
  /** The statement casts it by its own words, and the value need not be of another type. */
  readonly asWritten: boolean;
}

/** varchar is compared as text, and its index serves that. */
const harmless = /^(?:text|bpchar|character)/;

/**
 * The column that a plan has to convert for each row because the value it is compared with is of another type, or because the
 * statement says so, with that type; null when there is none. A plan shows a varchar as a cast to text, too, and there only the
 * words of the statement tell. https://www.postgresql.org/docs/current/typeconv-oper.html
 */
export function castColumn(planLine: string, query: string | null): CastColumn | null {
  const [, column, type] = /\((?:\w+\.)?(\w+)\)::([a-z][a-z ]*\w) (?:=|<|>)/.exec(planLine) ?? [];
  if (column === undefined || type === undefined) return null;
  const asWritten = castsItself(query ?? "", column);
  return harmless.test(type) && !asWritten ? null : { column, type, asWritten };
}

/** `"w"."id"::text`, `cast(w.id as text)`. */
function castsItself(query: string, column: string): boolean {
  const written = new RegExp(
    `\\b${column}"?\\s*::\\s*\\w|\\bcast\\s*\\(\\s*(?:[\\w"]+\\.)*"?${column}"?\\s+as\\s`,
    "i",
  );
  return written.test(query);
}

/** A statement casts a time to its day by itself, and no index can be made of that where the time has a zone. */
export function insteadOfCast(cast: CastColumn | null): string {
  if (cast?.type === "date")
    return `a range of the column itself, ${cast.column} >= the day AND ${cast.column} < the next one, which an index on it serves`;
  return cast?.asWritten
    ? `the column compared as it is, and the value cast to its type instead (${cast.column} = $1::…), which an index on ${cast.column} serves`
    : "the value sent in the column's own type, text in quotes";
}
