import type { PlanNode } from "../../../plans/explain-json.ts";
import { loopEstimates, outlasting } from "../../../plans/loop-estimate.ts";
import type { PlanProblem, TableRows } from "../../../plans/read-plan.ts";
import { callOf } from "./counted.ts";
import { allPlansOf, type Explained } from "./stages.ts";
import type { Answers, Worst } from "./statements.ts";

/** Of each statement as it runs just now; null where that was not asked for, or could not be planned. */
export function sampledPlansOf(
  answers: Answers,
  explained: readonly Explained[],
): readonly (PlanNode | null)[] {
  const plans = allPlansOf(answers, explained);
  let at = explained.length;
  return explained.map(({ sampled }) => {
    const answer = sampled === null ? undefined : plans[at++];
    return answer?.kind === "plan" ? answer.plan : null;
  });
}

/** A plan for any value does not show that the planner does not know the value which is asked for. */
export function loopsOf(
  statement: Worst,
  { plan, sampled }: { readonly plan: PlanNode; readonly sampled: PlanNode | null | undefined },
  tableRows: TableRows,
): readonly PlanProblem[] {
  const { sample_seconds, total_seconds: seconds, calls, pages } = statement;
  const ran = sampled ? outlasting(sample_seconds, { calls, seconds, pages }) : null;
  return loopEstimates(sampled ?? plan, { call: callOf(statement), ran }, tableRows);
}
