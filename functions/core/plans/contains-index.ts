import { quoteName } from "../text/sql-names.ts";
import type { OtherCondition } from "./other-conditions.ts";

interface Known {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Operator classes of the GIN indexes of each column. */
  readonly contained?: readonly { readonly column: string; readonly operators: string }[];
}

/**
 * The key of a GIN index for what a column holds: a document's members (jsonb), an array's elements, a text's words. Null
 * where the type has none for this operator, or one that serves it is there.
 * https://www.postgresql.org/docs/current/gin.html#GIN-BUILTIN-OPCLASSES
 */
export function containsIndex(
  { columns: [column], operator }: OtherCondition,
  { columns, contained = [] }: Known,
): { readonly columns: readonly string[]; readonly key: string } | null {
  const type = columns.find(({ name }) => name === column)?.type;
  const serving = operatorsFor(type ?? "", operator ?? "");
  const [best] = serving;
  if (column === undefined || best === undefined) return null;
  if (contained.some((one) => one.column === column && serving.includes(one.operators))) return null;
  return { columns: [`${column} ${best}`], key: `${quoteName(column)} ${best}` };
}

/** The smallest first. */
function operatorsFor(type: string, operator: string): readonly string[] {
  if (type === "jsonb") {
    if (/^(?:@>|@\?|@@)$/.test(operator)) return ["jsonb_path_ops", "jsonb_ops"];
    return operator.startsWith("?") ? ["jsonb_ops"] : [];
  }
  if (type === "tsvector") return operator === "@@" ? ["tsvector_ops"] : [];
  return type.startsWith("_") && /^(?:@>|&&)$/.test(operator) ? ["array_ops"] : [];
}
