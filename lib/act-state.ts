import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Choice,
  Condition,
  JitterType,
  JsonPath,
  TaskInput,
  type TaskStateBase,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { notInvokedErrors } from "../functions/core/respond/outcome-of-error.ts";
import { catchAll, lambdaTask, retried } from "./workflow-tasks.ts";

interface ActingFunctions {
  readonly actPostgres: IFunction;
  readonly actMysql: IFunction;
  readonly actAws: IFunction;
}

/** A repeat may find done what the first attempt did and could not tell: the function has to know that it is one. */
const payload = TaskInput.fromObject({
  order: JsonPath.objectAt("$.order"),
  settings: JsonPath.objectAt("$.settings"),
  retries: JsonPath.numberAt("$$.State.RetryCount"),
});

/** Half a minute at most: an order is good for one. Before the other retries, of which the first that matches counts. */
function retriedWhenNotInvoked<T extends TaskStateBase>(task: T): T {
  task.addRetry({
    errors: [...notInvokedErrors],
    interval: Duration.seconds(1),
    maxAttempts: 6,
    backoffRate: 2,
    maxDelay: Duration.seconds(8),
    jitterStrategy: JitterType.FULL,
  });
  return task;
}

/** The order goes to the function that changes things on AWS, or to the one that reaches the target's engine; how it ended goes to `record`. */
export function actState(
  scope: Construct,
  { actPostgres, actMysql, actAws }: ActingFunctions,
  record: TaskStateBase,
  errorPath: string,
): Choice {
  const acting = (id: string, fn: IFunction) => {
    const timeout = Duration.seconds(90);
    const task = retried(
      retriedWhenNotInvoked(lambdaTask(scope, id, fn, { timeout, payload, resultPath: "$.outcome" })),
    );
    // It may or may not have acted: Record says so, and the next look tells.
    catchAll(task, record, errorPath);
    return task.next(record);
  };
  // Orders of before had no such word.
  const onAws = Condition.and(
    Condition.isPresent("$.order.acts"),
    Condition.stringEquals("$.order.acts", "aws"),
  );
  return new Choice(scope, "ActingEngine")
    .when(onAws, acting("ActOnAws", actAws))
    .when(Condition.stringEquals("$.order.target.engine", "postgres"), acting("ActOnPostgres", actPostgres))
    .otherwise(acting("ActOnMysql", actMysql));
}
