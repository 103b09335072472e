import {
  alternatives,
  conditionsOf,
  conjuncts,
  type MysqlCondition,
  mysqlPieces,
} from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { type MysqlTableFacts, usableColumns } from "./mysql-suggest-index.ts";

/**
 * Rows wanted by one column or by another are found by an index of each side, put together; one side without an index
 * has the whole table read. What that one compares, where all others have theirs; null otherwise.
 * https://dev.mysql.com/doc/refman/8.4/en/index-merge-optimization.html
 */
export function sideWithoutIndex(
  { table, conditions }: MysqlTableAccess,
  { tables }: MysqlPlan,
  facts: MysqlTableFacts,
): readonly MysqlCondition[] | null {
  const [sides, ...more] = conditions.flatMap((text) => alternatives(mysqlPieces(text)));
  if (tables.length !== 1 || sides === undefined || more.length > 0) return null;
  const compared = sides.map((side) =>
    conjuncts(side)
      .flatMap(conditionsOf)
      .filter((one) => one.kind === "equality" && one.table.toLowerCase() === table.toLowerCase()),
  );
  const columns = compared.map((side) => usableColumns(side, facts, "equality"));
  if (columns.some(({ length }) => length === 0)) return null;
  const [lacking, ...others] = compared.filter((_, at) => !isLed(columns[at] ?? [], facts));
  return lacking !== undefined && others.length === 0 ? lacking : null;
}

function isLed(columns: readonly string[], { indexes }: MysqlTableFacts): boolean {
  return indexes.some(([first]) => columns.some((column) => column.toLowerCase() === first?.toLowerCase()));
}
