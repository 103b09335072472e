import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Condition,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Pass,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { catchAll, final, notAgain, retried } from "./workflow-tasks.ts";

/** A minute is over soon; a wait that signals can end costs four times its events. */
export const isLong = Condition.numberGreaterThan("$.step.seconds", 60);

export function watchState(scope: Construct, prepare: IChainable): IChainable {
  const watch = new Wait(scope, "Watch", { time: WaitTime.secondsPath("$.step.seconds") });
  watch.next(prepare);
  return watch;
}

/**
 * A wait of minutes that a new signal ends: intake hands back its token (SPEC S11). Nap puts the timeout where both
 * Step Functions and the local interpreter of the tests find it, as Question does.
 */
export function restState(
  scope: Construct,
  coordinate: IFunction,
  failed: IChainable,
  prepare: IChainable,
): IChainable {
  const rest = retried(
    notAgain(
      new LambdaInvoke(scope, "Rest", {
        lambdaFunction: coordinate,
        integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        retryOnServiceExceptions: false,
        payload: TaskInput.fromObject({
          step: "rest",
          timeoutSeconds: JsonPath.numberAt("$.step.seconds"),
          input: { incidentId: JsonPath.stringAt("$.incidentId"), taskToken: JsonPath.taskToken },
        }),
        taskTimeout: Timeout.at("$.Payload.timeoutSeconds"),
        resultPath: JsonPath.DISCARD,
      }),
    ),
  );
  rest.addCatch(prepare, {
    errors: ["States.Timeout", "States.HeartbeatTimeout", final.lookNow],
    resultPath: JsonPath.DISCARD,
  });
  catchAll(rest, failed, "$.error");
  rest.next(prepare);
  const nap = new Pass(scope, "Nap", {
    parameters: { timeoutSeconds: JsonPath.numberAt("$.step.seconds") },
    resultPath: "$.Payload",
  });
  nap.next(rest);
  return nap;
}
