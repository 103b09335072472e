/** varchar is compared as text, and its index serves that. */
const harmless = /^(?:text|bpchar|character)/;

/**
 * The column that a plan has to convert for each row because the value it is compared with is of another type, with that
 * type; null when there is none. https://www.postgresql.org/docs/current/typeconv-oper.html
 */
export function castColumn(planLine: string): { readonly column: string; readonly type: string } | null {
  const [, column, type] = /\((?:\w+\.)?(\w+)\)::([a-z][a-z ]*\w) (?:=|<|>)/.exec(planLine) ?? [];
  return column === undefined || type === undefined || harmless.test(type) ? null : { column, type };
}
