import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Choice,
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

/**
 * A minute is over soon, and a wait that can be ended costs four times its events: for long ones, and for those in which
 * a click is waited for.
 */
export const isEndedByOthers = Condition.or(
  Condition.numberGreaterThan("$.step.seconds", 60),
  Condition.and(
    Condition.isPresent("$.step.awaitsDecision"),
    Condition.booleanEquals("$.step.awaitsDecision", true),
  ),
);

export function watchState(scope: Construct, prepare: IChainable): IChainable {
  const watch = new Wait(scope, "Watch", { time: WaitTime.secondsPath("$.step.seconds") });
  watch.next(prepare);
  return watch;
}

/**
 * A wait that a new signal (SPEC S11) or a click (A42) ends: whoever takes it hands back the token, with the step to go
 * on with. Nap puts the timeout where both Step Functions, in the state's input, and the local interpreter of the tests,
 * in the task's parameters, find it.
 */
export function restState(
  scope: Construct,
  coordinate: IFunction,
  failed: IChainable,
  { prepare, readPolicy }: { readonly prepare: IChainable; readonly readPolicy: IChainable },
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
        resultPath: "$.step",
      }),
    ),
  );
  rest.addCatch(prepare, {
    errors: ["States.Timeout", "States.HeartbeatTimeout", final.lookNow],
    resultPath: JsonPath.DISCARD,
  });
  catchAll(rest, failed, "$.error");
  rest.next(
    new Choice(scope, "Woken")
      .when(Condition.stringEquals("$.step.kind", "act"), readPolicy)
      .otherwise(prepare),
  );
  const nap = new Pass(scope, "Nap", {
    parameters: { timeoutSeconds: JsonPath.numberAt("$.step.seconds") },
    resultPath: "$.Payload",
  });
  nap.next(rest);
  return nap;
}
