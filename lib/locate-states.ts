import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type IChainable, JsonPath, TaskInput, type TaskStateBase } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, lambdaTask, retried, retriedWhenThrottled } from "./workflow-tasks.ts";

const timeout = Duration.seconds(20);

/**
 * Whose turn it is, with role, address and tags read anew, before anybody looks: who looks inside goes where it is told.
 * When it fails, the look is about what was known.
 */
export function locateState(scope: Construct, collect: IFunction, next: IChainable): TaskStateBase {
  const payload = TaskInput.fromObject({ step: "locate", input: JsonPath.objectAt("$.assignment") });
  const task = lambdaTask(scope, "Locate", collect, { timeout, payload, resultPath: "$.assignment" });
  catchAll(retriedWhenThrottled(task), next, JsonPath.DISCARD);
  return task;
}

/** The tags once more, for the gate alone: they may have been set a moment ago. Unread, they mean "observe". */
export function policyState(scope: Construct, collect: IFunction, authorize: IChainable): TaskStateBase {
  const payload = TaskInput.fromObject({ step: "read-policy", input: JsonPath.entirePayload });
  const task = lambdaTask(scope, "ReadPolicy", collect, { timeout, payload, resultPath: "$.policy" });
  catchAll(retried(task), authorize, JsonPath.DISCARD);
  task.next(authorize);
  return task;
}
