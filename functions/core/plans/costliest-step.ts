import { plural } from "../text/wording.ts";
import { everyNode, type PlanNode } from "./explain-json.ts";

const shownCondition = 100;

/** Where a plan spends most, by the planner's own estimate; null where there is nothing to spend. */
export function costliestStep(plan: PlanNode): string | null {
  if (plan.totalCost <= 0) return null;
  const [worst] = [...everyNode(plan)]
    .map((node) => ({ node, own: ownCost(node) }))
    .toSorted((a, b) => b.own - a.own);
  if (worst === undefined) return null;
  const share = Math.min(100, Math.round((100 * worst.own) / plan.totalCost));
  return `${share} % of its plan's cost: ${described(worst.node)}`;
}

/** A subquery's cost is that of one run: what all runs cost is the step's that asks for them. */
function ownCost({ totalCost, children }: PlanNode): number {
  const below = children
    .filter(({ role }) => role !== "SubPlan")
    .reduce((sum, child) => sum + child.totalCost, 0);
  return totalCost - below;
}

function described(node: PlanNode): string {
  const { type, children, relation } = node;
  const [outer, inner] = children.filter(({ role }) => role === "Outer" || role === "Inner");
  // What is hashed is run once, and looked up for each row.
  const again = children.some(({ role }) => role === "SubPlan") && !/hashed SubPlan/.test(node.filter ?? "");
  const condition = node.joinCondition ?? node.filter;
  const test = condition === null ? "" : `, testing ${shortened(condition)}`;
  const of = relation === null ? "" : ` of ${relation}`;
  if (again) return `a ${type}${of} that runs a subquery again for each of its rows${test}`;
  if (outer && inner) return `a ${type} of ${count(outer.rows)} rows with ${count(inner.rows)} each${test}`;
  if (type === "Sort") return `a Sort of ${count(node.rows)} rows by ${shortened(node.sortKeys.join(", "))}`;
  return `a ${type}${of} for ${plural(Math.round(node.rows), "row")}${test}`;
}

const count = (rows: number): string => String(Math.round(rows));

function shortened(text: string): string {
  return text.length <= shownCondition ? text : `${text.slice(0, shownCondition)}…`;
}
