import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Choice, Condition, JsonPath, Parallel, Pass } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, lambdaTask, retriedWhenThrottled } from "./workflow-tasks.ts";

interface LookingFunctions {
  readonly collect: IFunction;
  readonly probePostgres: IFunction;
  readonly probeMysql: IFunction;
}

/**
 * Looks from outside and from inside at the same time; who looks inside is chosen by the engine. A branch that fails
 * leaves the other one's report.
 */
export function assessState(scope: Construct, functions: LookingFunctions): Parallel {
  const look = (id: string, fn: IFunction, seconds: number, failure: Pass) => {
    const task = retriedWhenThrottled(lambdaTask(scope, id, fn, { timeout: Duration.seconds(seconds) }));
    catchAll(task, failure, "$.error");
    return task;
  };
  const failed = (id: string, branch: string) => new Pass(scope, id, { parameters: branchFailure(branch) });
  const notProbed = failed("ProbeFailed", "probe");
  return new Parallel(scope, "Assess", { inputPath: "$.assignment", resultPath: "$.reports" })
    .branch(look("Collect", functions.collect, 20, failed("CollectFailed", "collect")))
    .branch(
      new Choice(scope, "Engine")
        .when(
          Condition.stringEquals("$.target.engine", "postgres"),
          look("ProbePostgres", functions.probePostgres, 30, notProbed),
        )
        .otherwise(look("ProbeMysql", functions.probeMysql, 30, notProbed)),
    );
}

/** Two reports that are too large together: the incident goes on with "could not see", not without a word. */
export function assessFailed(scope: Construct): Pass {
  return new Pass(scope, "AssessFailed", {
    parameters: {
      schema: "respond.v1",
      incidentId: JsonPath.stringAt("$.incidentId"),
      assignment: JsonPath.objectAt("$.assignment"),
      reports: [branchFailure("collect"), branchFailure("probe")],
    },
  });
}

function branchFailure(branch: string): Record<string, unknown> {
  return { schema: "branch-failure.v1", branch, error: JsonPath.objectAt("$.error") };
}
