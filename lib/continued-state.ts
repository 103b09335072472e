import { Stack } from "aws-cdk-lib";
import { Policy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  CustomState,
  type IChainable,
  JsonPath,
  type StateMachine,
  Succeed,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, coordinateTask, final, retried } from "./workflow-tasks.ts";

/** An execution whose history is nearly full names the next one, starts it, and ends well. */
export function continuedState(
  scope: Construct,
  coordinate: IFunction,
  over: IChainable,
  failed: IChainable,
): IChainable {
  const name = retried(
    coordinateTask(scope, "NextRun", coordinate, { step: "next-run", resultPath: "$.next", execution: true }),
  );
  name.addCatch(over, { errors: [final.over], resultPath: JsonPath.DISCARD });
  catchAll(name, failed, "$.error");
  // Its own machine: CDK's state would make the machine depend on itself.
  const start = new CustomState(scope, "Continue", {
    stateJson: {
      Type: "Task",
      Resource: `arn:${Stack.of(scope).partition}:states:::states:startExecution`,
      TimeoutSeconds: 60,
      Parameters: {
        "StateMachineArn.$": "$$.StateMachine.Id",
        "Name.$": "$.next.execution",
        Input: {
          "schema.$": "$.next.schema",
          "incidentId.$": "$.next.incidentId",
          "engine.$": "$.next.engine",
        },
      },
      ResultPath: JsonPath.DISCARD,
    },
  });
  start.addRetry({ errors: ["States.TaskFailed"], maxAttempts: 4 });
  // The next one has the incident in hand already: when nobody starts it, the sweeper does.
  const notStarted = new Succeed(scope, "NotContinued", {
    comment: "The sweeper starts what has the incident in hand",
  });
  catchAll(start, notStarted, JsonPath.DISCARD);
  return name.next(start).next(new Succeed(scope, "Continued"));
}

/** Not in the role's own policy, on which the machine depends. */
export function allowContinuing(scope: Construct, machine: StateMachine): void {
  new Policy(scope, "ContinuePolicy", {
    roles: [machine.role],
    statements: [
      new PolicyStatement({ actions: ["states:StartExecution"], resources: [machine.stateMachineArn] }),
    ],
  });
}
