import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Succeed,
  TaskInput,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, coordinateTask, lambdaTask, retried } from "./workflow-tasks.ts";

/**
 * From the sweeper, a day after an incident that made something larger: whether the day fits what was there before is
 * looked at by the function that sees RDS, and told. Nothing is changed; what dies here is begun anew by the next sweep.
 */
export function wayBackStates(
  scope: Construct,
  { coordinate, actAws }: { readonly coordinate: IFunction; readonly actAws: IFunction },
): IChainable {
  const ask = retried(coordinateTask(scope, "AskWayBack", coordinate, { step: "way-back" }));
  const tell = retried(
    coordinateTask(scope, "TellWayBack", coordinate, { step: "tell-way-back", resultPath: JsonPath.DISCARD }),
  );
  const look = retried(
    lambdaTask(scope, "TryWayBack", actAws, {
      timeout: Duration.seconds(90),
      payload: TaskInput.fromObject({ tries: JsonPath.objectAt("$.tries") }),
      resultPath: "$.tried",
    }),
  );
  // Not seen is said, too.
  catchAll(look, tell, "$.error");
  const again = new Fail(scope, "WayBackNotTold", {
    error: "WayBackNotTold",
    cause: "What was seen of the way back could not be told; a later sweep begins anew",
  });
  for (const task of [ask, tell]) catchAll(task, again, "$.error");
  tell.next(new Succeed(scope, "WayBackTold"));
  return ask.next(
    new Choice(scope, "CanBeGivenBack")
      .when(Condition.booleanEquals("$.asks", true), look.next(tell))
      .otherwise(tell),
  );
}
