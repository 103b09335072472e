import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Choice, Condition, Fail, type IChainable, Succeed } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, coordinateTask, retriedPatiently } from "./workflow-tasks.ts";

/** An execution is about an incident, or only says that an alarm names no database. */
export function beginState(
  scope: Construct,
  coordinate: IFunction,
  {
    respond,
    giveUp,
    wayBack,
  }: { readonly respond: IChainable; readonly giveUp: IChainable; readonly wayBack: IChainable },
): IChainable {
  const tell = retriedPatiently(coordinateTask(scope, "TellUnknown", coordinate, { step: "tell-unknown" }));
  const notTold = new Fail(scope, "NotTold", {
    error: "NotTold",
    cause: "An alarm names no known database, and the channel did not take the message that says so",
  });
  catchAll(tell, notTold, "$.error");
  tell.next(new Succeed(scope, "Told"));
  // Whoever starts by hand may leave it out: the first step then says what is wrong.
  const is = (schema: string) =>
    Condition.and(Condition.isPresent("$.schema"), Condition.stringEquals("$.schema", schema));
  return (
    new Choice(scope, "Begin")
      .when(is("unknown-database.v1"), tell)
      // From the sweeper: nothing else was of use.
      .when(is("give-up.v1"), giveUp)
      .when(is("way-back.v1"), wayBack)
      .otherwise(respond)
  );
}
