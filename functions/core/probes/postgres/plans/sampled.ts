import type { PlanNode } from "../../../plans/explain-json.ts";
import { loopEstimates, outlasting } from "../../../plans/loop-estimate.ts";
import type { PlanProblem, TableRows } from "../../../plans/read-plan.ts";
import { valueSkew } from "../../../plans/value-skew.ts";
import { callOf } from "./counted.ts";
import type { PostgresPlanRow } from "./rows.ts";
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

interface Both {
  readonly plan: PlanNode;
  readonly sampled: PlanNode | null | undefined;
}

/** What it costs with the values of just now, and how far from its cost others may be. */
export function otherCosts(
  { plan, sampled }: Both,
  tables: Parameters<typeof valueSkew>[1],
): Pick<PostgresPlanRow, "sampledCost" | "valueSkew"> {
  // A value that is known leads to others by a join, which are not.
  const skew = valueSkew(sampled ?? plan, tables);
  return {
    ...(sampled ? { sampledCost: sampled.totalCost } : {}),
    ...(skew === null ? {} : { valueSkew: skew }),
  };
}

/** A plan for any value does not show that the planner does not know the value which is asked for. */
export function loopsOf(
  statement: Worst,
  { plan, sampled }: Both,
  tableRows: TableRows,
): readonly PlanProblem[] {
  const { sample_seconds, total_seconds: seconds, calls, pages } = statement;
  const ran = sampled ? outlasting(sample_seconds, { calls, seconds, pages }) : null;
  return loopEstimates(sampled ?? plan, { call: callOf(statement), ran }, tableRows);
}
