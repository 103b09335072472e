import { bitmapOf, everyNode, type PlanNode } from "./explain-json.ts";
import { type ColumnCondition, columnConditions } from "./plan-conditions.ts";
import { relationKey } from "./read-plan.ts";
import type { TableFacts } from "./table-facts.ts";

/**
 * Without a value the planner takes a third of the table for one bound, and a 200th for two.
 * https://github.com/postgres/postgres/blob/master/src/include/utils/selfuncs.h (DEFAULT_INEQ_SEL, DEFAULT_RANGE_INEQ_SEL)
 */
const oneBound = 3;
const twoBounds = 200;

/**
 * How many times as many rows as its plan expects a statement may find, when it is asked for the most frequent value in
 * place of an average one, or for a wide range: 1 where no value stands out. Null where it is not known.
 * https://www.postgresql.org/docs/current/row-estimation-examples.html
 */
export function valueSkew(
  plan: PlanNode,
  tables: ReadonlyMap<string, Pick<TableFacts, "columns">>,
): number | null {
  let skew = 1;
  for (const node of everyNode(plan)) {
    if (node.relation === null) continue;
    const conditions = ofValues(node);
    const facts = tables.get(relationKey(node.schema, node.relation));
    for (const column of new Set(conditions.map((one) => one.column))) {
      const kinds = conditions.filter((one) => one.column === column).map(({ kind }) => kind);
      const factor = kinds.includes("equality") ? frequency(facts, column) : widest(kinds.length);
      if (factor === null) return null;
      skew *= Math.max(1, factor);
    }
  }
  return skew;
}

/** Those that compare a column with a parameter. */
function ofValues(node: PlanNode): readonly ColumnCondition[] {
  const index = node.index ?? bitmapOf(node);
  const all = [...columnConditions(node.filter), ...columnConditions(index?.condition ?? null)];
  return all.filter(({ other }) => /\$\d/.test(other));
}

function widest(bounds: number): number {
  return bounds > 1 ? twoBounds : oneBound;
}

/** Of the most frequent value, as a multiple of the average one's. */
function frequency(facts: Pick<TableFacts, "columns"> | undefined, column: string): number | null {
  const { distinct = null, top = null } = facts?.columns.find(({ name }) => name === column) ?? {};
  return distinct === null || top === null ? null : distinct * top;
}
