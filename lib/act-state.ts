import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Choice,
  Condition,
  Errors,
  type IChainable,
  JsonPath,
  Pass,
  Result,
  TaskInput,
  type TaskStateBase,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { neverTakenErrors, notInvokedErrors } from "../functions/core/respond/outcome-of-error.ts";
import { lambdaTask } from "./workflow-tasks.ts";

interface ActingFunctions {
  readonly actPostgres: IFunction;
  readonly actMysql: IFunction;
  readonly actAws: IFunction;
}

/**
 * A repeat may find done what the first attempt did and could not tell: the function has to know that it is one. Counted
 * here and not by State.RetryCount, which takes a call that Lambda turned away for one that may have acted.
 */
const payload = TaskInput.fromObject({
  order: JsonPath.objectAt("$.order"),
  settings: JsonPath.objectAt("$.settings"),
  retries: JsonPath.numberAt("$.attempts.begun"),
});

/**
 * The state's own time, and the function's, which is over first: Lambda tells that by a name of its own.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const usedItsTime = [Errors.TIMEOUT, "Sandbox.Timedout"] as const;

/** Seconds before each further call. Half a minute at most where nothing ran, and less for the rest: an order is good for one. */
const waits = { notStarted: [1, 2, 4, 8, 8, 8], begun: [1, 2, 4, 8] } as const;
type Counter = keyof typeof waits;

/**
 * The order goes to the function that changes things on AWS, or to the one that reaches the target's engine; how it ended
 * goes to `record`, with how many attempts may have begun before the last one.
 *
 *   FirstAttempt → ActingEngine → ActOnAws | ActOnPostgres | ActOnMysql → record
 *     Lambda ran nothing: NotStarted → CountNotStarted → ActAgain → ActingEngine
 *     it may have run:    NoAnswer   → CountNoAnswer   → ActAgain → ActingEngine
 */
export function actState(
  scope: Construct,
  { actPostgres, actMysql, actAws }: ActingFunctions,
  record: TaskStateBase,
  errorPath: string,
): IChainable {
  const engine = new Choice(scope, "ActingEngine");
  const again = new Wait(scope, "ActAgain", { time: WaitTime.secondsPath("$.attempts.seconds") });
  again.next(engine);
  // It may or may not have acted: Record says so, and the next look tells.
  const notStarted = counted(scope, { id: "NotStarted", counter: "notStarted" }, again, record);
  const noAnswer = counted(scope, { id: "NoAnswer", counter: "begun" }, again, record);
  const acting = (id: string, fn: IFunction) => {
    const task = lambdaTask(scope, id, fn, {
      ...{ timeout: Duration.seconds(90), payload, resultPath: "$.outcome" },
    });
    task.addCatch(notStarted, { errors: [...notInvokedErrors], resultPath: errorPath });
    // Whoever has used its time, or has said too much, would do so again; so would whoever cannot take the order.
    task.addCatch(record, {
      errors: [...neverTakenErrors, ...usedItsTime, "States.DataLimitExceeded"],
      resultPath: errorPath,
    });
    task.addCatch(noAnswer, { resultPath: errorPath });
    return task.next(record);
  };
  // Orders of before had no such word.
  const onAws = Condition.and(
    Condition.isPresent("$.order.acts"),
    Condition.stringEquals("$.order.acts", "aws"),
  );
  engine
    .when(onAws, acting("ActOnAws", actAws))
    .when(Condition.stringEquals("$.order.target.engine", "postgres"), acting("ActOnPostgres", actPostgres))
    .otherwise(acting("ActOnMysql", actMysql));
  const none = { begun: 0, notStarted: 0, seconds: 0 };
  return new Pass(scope, "FirstAttempt", {
    result: Result.fromObject(none),
    resultPath: "$.attempts",
  }).next(engine);
}

/** Once more while its counter is below its bound. Each counter is kept over the other's failures. */
function counted(
  scope: Construct,
  { id, counter }: { readonly id: string; readonly counter: Counter },
  again: IChainable,
  record: IChainable,
): Choice {
  const at = `$.attempts.${counter}`;
  const count = (one: Counter) =>
    JsonPath.numberAt(one === counter ? `States.MathAdd(${at}, 1)` : `$.attempts.${one}`);
  const pass = new Pass(scope, `Count${id}`, {
    parameters: {
      begun: count("begun"),
      notStarted: count("notStarted"),
      seconds: JsonPath.numberAt(secondsOf(counter)),
    },
    resultPath: "$.attempts",
  });
  pass.next(again);
  return new Choice(scope, id)
    .when(Condition.numberLessThan(at, waits[counter].length), pass)
    .otherwise(record);
}

/** Where nothing ran many wait at once: each for a random part of it, since the end of MathRandom's range is left out. */
function secondsOf(counter: Counter): string {
  const longest = (more: number) =>
    `States.ArrayGetItem(States.Array(${waits[counter].map((wait) => wait + more).join(", ")}), $.attempts.${counter})`;
  return counter === "notStarted" ? `States.MathRandom(1, ${longest(1)})` : longest(0);
}
