import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Choice, Condition, Fail, type IChainable, Succeed } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, coordinateTask, retriedPatiently } from "./workflow-tasks.ts";

/** An execution is about an incident, or only says that an alarm names no database. */
export function beginState(scope: Construct, coordinate: IFunction, respond: IChainable): IChainable {
  const tell = retriedPatiently(coordinateTask(scope, "TellUnknown", coordinate, { step: "tell-unknown" }));
  const notTold = new Fail(scope, "NotTold", {
    error: "NotTold",
    cause: "An alarm names no known database, and the channel did not take the message that says so",
  });
  catchAll(tell, notTold, "$.error");
  tell.next(new Succeed(scope, "Told"));
  return new Choice(scope, "Begin")
    .when(
      // Whoever starts by hand may leave it out: the first step then says what is wrong.
      Condition.and(
        Condition.isPresent("$.schema"),
        Condition.stringEquals("$.schema", "unknown-database.v1"),
      ),
      tell,
    )
    .otherwise(respond);
}
