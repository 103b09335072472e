import { everyNode, type PlanNode } from "./explain-json.ts";
import { hasGuessedShare } from "./guessed-share.ts";
import { type PlanProblem, relationKey, type TableRows } from "./read-plan.ts";

const count = (rows: number): string => String(Math.round(rows));

/**
 * Of a statement whose LIMIT is a parameter the planner takes a tenth of all rows to be wanted: that says nothing of its
 * statistics, unless more come than it knows of at all.
 * https://github.com/postgres/postgres/blob/master/src/backend/optimizer/util/pathnode.c (adjust_limit_rows_costs)
 *
 * The same of a share that it takes of a range or a pattern whose value it does not know.
 *
 * @param meanRows Rows that the statement really handed out, by its statistics.
 */
export function rowEstimateProblem(
  plan: PlanNode,
  meanRows: number,
  { query, tableRows }: { readonly query: string; readonly tableRows: TableRows },
): PlanProblem | null {
  if (plan.type === "Limit" && meanRows <= 10 * Math.max(1, plan.children[0]?.rows ?? plan.rows)) return null;
  if (hasGuessedShare(query) && meanRows <= knownRows(plan, tableRows)) return null;
  const [estimated, real] = [Math.max(1, plan.rows), Math.max(1, meanRows)];
  const factor = Math.max(estimated / real, real / estimated);
  if (factor < 10 || Math.max(estimated, real) < 100) return null;
  const detail = `${count(plan.rows)} rows are expected, ${count(meanRows)} come on average`;
  return { kind: "row-estimate", relation: null, detail };
}

/** Of the largest table in it. */
function knownRows(plan: PlanNode, tableRows: TableRows): number {
  const rows = [...everyNode(plan)].flatMap(({ schema, relation }) =>
    relation === null ? [] : [tableRows.get(relationKey(schema, relation)) ?? 0],
  );
  return Math.max(0, ...rows);
}
