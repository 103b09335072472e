import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Choice, Condition, JsonPath, Parallel, Pass, TaskInput } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { catchAll, lambdaTask } from "./workflow-tasks.ts";

interface SleepingFunctions {
  readonly coordinate: IFunction;
  readonly diagnose: IFunction;
  readonly collect: IFunction;
  readonly probePostgres: IFunction;
  readonly probeMysql: IFunction;
}

/** Longer than a cold start, which takes a second or two. Shorter than the functions' own time: nobody needs the answer. */
const patience = Duration.seconds(5);

/**
 * An incident is rare, so every function is cold when it comes. All that the first message needs is started at once
 * here, and not one after the other: it then waits for the longest cold start instead of for their sum. Only a
 * courtesy: whoever does not wake up is met cold, by the state that needs it, and holds up nobody until then.
 */
export function wakeUpState(scope: Construct, functions: SleepingFunctions): Parallel {
  const wake = (id: string, fn: IFunction) => {
    const task = lambdaTask(scope, id, fn, {
      timeout: patience,
      payload: TaskInput.fromObject({ wake: true }),
      resultPath: JsonPath.DISCARD,
    });
    catchAll(task, new Pass(scope, `${id}Failed`), JsonPath.DISCARD);
    return task;
  };
  const engine = (name: string) =>
    Condition.and(Condition.isPresent("$.engine"), Condition.stringEquals("$.engine", name));
  return new Parallel(scope, "WakeUp", { resultPath: JsonPath.DISCARD })
    .branch(wake("WakeCoordinate", functions.coordinate))
    .branch(wake("WakeDiagnose", functions.diagnose))
    .branch(wake("WakeCollect", functions.collect))
    .branch(
      new Choice(scope, "WakeEngine")
        .when(engine("postgres"), wake("WakeProbePostgres", functions.probePostgres))
        .when(Condition.or(engine("mysql"), engine("mariadb")), wake("WakeProbeMysql", functions.probeMysql))
        .otherwise(new Pass(scope, "WakeNobody")),
    );
}
