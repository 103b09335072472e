import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { JsonPath, Parallel, Pass } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, lambdaTask, retriedWhenThrottled } from "./workflow-tasks.ts";

interface LookingFunctions {
  readonly collect: IFunction;
  readonly probe: IFunction;
}

/** Looks from outside and from inside at the same time. A branch that fails leaves the other one's report. */
export function assessState(scope: Construct, { collect, probe }: LookingFunctions): Parallel {
  const branch = (id: string, fn: IFunction, seconds: number) => {
    const failure = new Pass(scope, `${id}Failed`, { parameters: branchFailure(id.toLowerCase()) });
    const task = retriedWhenThrottled(lambdaTask(scope, id, fn, { timeout: Duration.seconds(seconds) }));
    catchAll(task, failure, "$.error");
    return task;
  };
  return new Parallel(scope, "Assess", { inputPath: "$.assignment", resultPath: "$.reports" })
    .branch(branch("Collect", collect, 20))
    .branch(branch("Probe", probe, 30));
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
