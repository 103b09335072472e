import {
  alternatives,
  conditionsOf,
  conjuncts,
  type MysqlCondition,
  mysqlPieces,
} from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { type MysqlTableFacts, usableColumns } from "./mysql-suggest-index.ts";

export interface LackingSide {
  readonly conditions: readonly MysqlCondition[];
  /** Nothing but these columns has a row of this side thrown away. */
  readonly alone: boolean;
}

/**
 * Rows wanted by one column or by another are found by an index of each side, put together; one side without an index
 * has the whole table read. What that one compares, where all others have theirs; null otherwise.
 * https://dev.mysql.com/doc/refman/8.4/en/index-merge-optimization.html
 */
export function sideWithoutIndex(
  { table, conditions }: MysqlTableAccess,
  { tables }: MysqlPlan,
  facts: MysqlTableFacts,
): LackingSide | null {
  const [sides, ...more] = conditions.flatMap((text) => alternatives(mysqlPieces(text)));
  if (tables.length !== 1 || sides === undefined || more.length > 0) return null;
  const compared = sides.map((side) =>
    conjuncts(side)
      .flatMap(conditionsOf)
      .filter((one) => one.kind === "equality" && one.table.toLowerCase() === table.toLowerCase()),
  );
  const columns = compared.map((side) => usableColumns(side, facts, "equality"));
  if (columns.some(({ length }) => length === 0)) return null;
  const [lacking, ...others] = [...sides.keys()].filter((at) => !isLed(columns[at] ?? [], facts));
  if (lacking === undefined || others.length > 0) return null;
  const found = compared[lacking] ?? [];
  const pieces = conditions.flatMap(mysqlPieces);
  const beside = conditions.flatMap((text) => conjuncts(mysqlPieces(text)));
  const exclusive = pieces.some((piece) => piece.toLowerCase() === "xor");
  const whole = conjuncts(sides[lacking] ?? []).length === columns[lacking]?.length;
  return { conditions: found, alone: beside.length === 0 && !exclusive && whole };
}

function isLed(columns: readonly string[], { indexes }: MysqlTableFacts): boolean {
  return indexes.some(([first]) => columns.some((column) => column.toLowerCase() === first?.toLowerCase()));
}
