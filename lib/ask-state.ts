import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Pass,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { catchAll, final, notAgain, retried } from "./workflow-tasks.ts";

/**
 * Question puts the timeout where `$.Payload.timeoutSeconds` finds it both in the state's input, which Step
 * Functions reads, and in the task's parameters, which the local interpreter of the tests reads.
 */
export function askState(
  scope: Construct,
  coordinate: IFunction,
  failed: IChainable,
  decided: TaskStateBase,
): Pass {
  const ask = retried(
    notAgain(
      new LambdaInvoke(scope, "AskApproval", {
        lambdaFunction: coordinate,
        integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        retryOnServiceExceptions: false,
        payload: TaskInput.fromObject({
          step: "ask-approval",
          timeoutSeconds: JsonPath.numberAt("$.step.timeoutSeconds"),
          input: {
            incidentId: JsonPath.stringAt("$.incidentId"),
            actionKey: JsonPath.stringAt("$.step.actionKey"),
            taskToken: JsonPath.taskToken,
          },
        }),
        taskTimeout: Timeout.at("$.Payload.timeoutSeconds"),
        resultPath: JsonPath.DISCARD,
      }),
    ),
  );
  // Nobody clicked: the gate expires the request and says so. Or somebody did while this state was being repeated.
  ask.addCatch(decided, {
    errors: ["States.Timeout", "States.HeartbeatTimeout", final.decided],
    resultPath: JsonPath.DISCARD,
  });
  catchAll(ask, failed, "$.error");
  const question = new Pass(scope, "Question", {
    parameters: { timeoutSeconds: JsonPath.numberAt("$.step.timeoutSeconds") },
    resultPath: "$.Payload",
  });
  question.next(ask).next(decided);
  return question;
}
