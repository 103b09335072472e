import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Choice, Condition, type TaskStateBase } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, lambdaTask, retried } from "./workflow-tasks.ts";

interface ActingFunctions {
  readonly actPostgres: IFunction;
  readonly actMysql: IFunction;
}

/** The order goes to the function that reaches the target's engine; how it ended goes to `record`. */
export function actState(
  scope: Construct,
  { actPostgres, actMysql }: ActingFunctions,
  record: TaskStateBase,
  errorPath: string,
): Choice {
  const acting = (id: string, fn: IFunction) => {
    const timeout = Duration.seconds(90);
    const task = retried(lambdaTask(scope, id, fn, { timeout, resultPath: "$.outcome" }));
    // It may or may not have acted: Record says so, and the next look tells.
    catchAll(task, record, errorPath);
    return task.next(record);
  };
  return new Choice(scope, "ActingEngine")
    .when(Condition.stringEquals("$.order.target.engine", "postgres"), acting("ActOnPostgres", actPostgres))
    .otherwise(acting("ActOnMysql", actMysql));
}
