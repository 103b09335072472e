import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Fail, type IChainable, JsonPath, Succeed } from "aws-cdk-lib/aws-stepfunctions";
import type { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { continuedState } from "./continued-state.ts";
import { catchAll, coordinateTask, final, retried } from "./workflow-tasks.ts";

/**
 * Where every round begins, and where an execution learns that it has no business here: it was started with a wrong
 * input, or for an incident that is over or in other hands.
 */
export function prepareState(scope: Construct, coordinate: IFunction, failed: IChainable): LambdaInvoke {
  const prepare = retried(
    coordinateTask(scope, "Prepare", coordinate, {
      step: "prepare",
      resultPath: "$.assignment",
      execution: true,
    }),
  );
  // It takes the place of the input, into which an error cannot be put when it is a list.
  const wrong = new Fail(scope, "InvalidInput", {
    errorPath: JsonPath.stringAt("$.Error"),
    causePath: JsonPath.stringAt("$.Cause"),
  });
  prepare.addCatch(wrong, { errors: [final.invalidInput] });
  const over = new Succeed(scope, "Over", {
    comment: "Another execution has ended the incident, or has it in hand",
  });
  prepare.addCatch(over, { errors: [final.over], resultPath: JsonPath.DISCARD });
  prepare.addCatch(continuedState(scope, coordinate, over, failed), {
    errors: [final.handOver],
    resultPath: JsonPath.DISCARD,
  });
  catchAll(prepare, failed, "$.error");
  return prepare;
}
