export interface CastColumn {
  readonly column: string;
  readonly type: string;
}

/** varchar is compared as text, and its index serves that. */
const harmless = /^(?:text|bpchar|character)/;

/**
 * The column that a plan has to convert for each row because the value it is compared with is of another type, with that
 * type; null when there is none. https://www.postgresql.org/docs/current/typeconv-oper.html
 */
export function castColumn(planLine: string): CastColumn | null {
  const [, column, type] = /\((?:\w+\.)?(\w+)\)::([a-z][a-z ]*\w) (?:=|<|>)/.exec(planLine) ?? [];
  return column === undefined || type === undefined || harmless.test(type) ? null : { column, type };
}

/** A statement casts a time to its day by itself, and no index can be made of that where the time has a zone. */
export function insteadOfCast(cast: CastColumn | null): string {
  return cast?.type === "date"
    ? `a range of the column itself, ${cast.column} >= the day AND ${cast.column} < the next one, which an index on it serves`
    : "the value sent in the column's own type, text in quotes";
}
