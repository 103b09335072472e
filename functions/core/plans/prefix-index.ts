import { quoteName } from "../text/sql-names.ts";

const patternOperators: Readonly<Record<string, string>> = {
  text: "text_pattern_ops",
  varchar: "varchar_pattern_ops",
  bpchar: "bpchar_pattern_ops",
};

interface Known {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly indexes: readonly (readonly string[])[];
  readonly prefixes?: readonly string[];
}

/**
 * The key of a small index for LIKE 'abc%'. Of a pattern that is not known (null) only where there is an ordinary index,
 * which somebody has made to be found by: its collation keeps LIKE from using it.
 * https://www.postgresql.org/docs/current/indexes-opclass.html
 */
export function prefixIndex(
  column: string,
  prefix: boolean | null,
  { columns, indexes, prefixes }: Known,
): { readonly columns: readonly string[]; readonly key: string } | null {
  const operators = patternOperators[columns.find(({ name }) => name === column)?.type ?? ""];
  const ordinary = indexes.some(([first]) => first === column);
  if (operators === undefined || prefix === false || prefixes === undefined) return null;
  if (prefixes.includes(column) || (prefix === null && !ordinary)) return null;
  return { columns: [`${column} ${operators}`], key: `${quoteName(column)} ${operators}` };
}
