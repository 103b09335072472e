import type { MysqlPlan } from "./mysql-explain-json.ts";
import type { MysqlTableFacts } from "./mysql-suggest-index.ts";
import { largeTableRows } from "./read-plan.ts";

/** So many times what was planned for is no chance. */
const farMore = 100;
/** Whoever reads a table of this size whole reads little. */
const smallRows = 1000;

/**
 * The table that a plan begins with and reads whole because it seems small, while each call looks at far more rows than
 * all of the plan. What is read whole does not depend on the values, so that those of the sample are not to blame.
 */
export function misjudgedTable(
  { tables: [first, ...others], dependent }: MysqlPlan,
  {
    facts,
    examinedPerCall = 0,
  }: { readonly facts: ReadonlyMap<string, MysqlTableFacts>; readonly examinedPerCall?: number },
): { readonly table: string; readonly detail: string } | null {
  if (first === undefined || dependent || examinedPerCall < largeTableRows) return null;
  if ((first.access !== "ALL" && first.access !== "index") || first.rows > smallRows) return null;
  const known = facts.get(first.table.toLowerCase());
  let prefix = Math.max(1, first.rows);
  let planned = prefix;
  for (const { rows } of others) {
    prefix *= Math.max(1, rows);
    planned += prefix;
  }
  if (known === undefined || examinedPerCall < farMore * planned) return null;
  const table = `${known.schema}.${known.table}`;
  return {
    table,
    detail: `begins with the whole of ${table}, about ${Math.round(first.rows)} rows as the planner knows it, and expects to look at ${Math.round(planned)} in all: each call looks at ${Math.round(examinedPerCall)}`,
  };
}
