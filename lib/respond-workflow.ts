import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  Choice,
  Condition,
  DefinitionBody,
  type IChainable,
  JsonPath,
  LogLevel,
  Pass,
  Result,
  StateMachine,
  Succeed,
  type TaskStateBase,
} from "aws-cdk-lib/aws-stepfunctions";
import type { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { Construct } from "constructs";
import { accept, attributeOf } from "./accept-finding.ts";
import { actState } from "./act-state.ts";
import { assessFailed, assessState } from "./assess-state.ts";
import { beginState } from "./begin-state.ts";
import { allowContinuing } from "./continued-state.ts";
import { locateState, policyState } from "./locate-states.ts";
import { prepareState } from "./prepare-state.ts";
import { isEndedByOthers, restState, watchState } from "./rest-state.ts";
import { wakeUpState } from "./wake-up-state.ts";
import { wayBackStates } from "./way-back-states.ts";
import {
  type CoordinateProps,
  catchAll,
  coordinateTask,
  giveUpState,
  retried,
  retriedPatiently,
} from "./workflow-tasks.ts";

export interface RespondFunctions {
  readonly coordinate: IFunction;
  readonly diagnose: IFunction;
  readonly collect: IFunction;
  readonly probePostgres: IFunction;
  readonly probeMysql: IFunction;
  readonly actPostgres: IFunction;
  readonly actMysql: IFunction;
  readonly actAws: IFunction;
}

const error = "$.error";

/**
 * Longer than the rounds of an execution with the longest waits take, so that it ends only what hangs: a wait that lost
 * its way would otherwise last a year, and no alarm would tell.
 */
const longest = Duration.days(7);

/**
 * One incident from its alarm to its end:
 *
 *   Begin → WakeUp → Prepare → Locate → Assess (Collect | Probe) → Diagnose → Announce → NextStep
 *     act → ReadPolicy → Authorize → ActOnAws | ActOnPostgres | ActOnMysql → Record → Announce → …
 *     ask-approval → ReadPolicy → Authorize (stores the request) → Announce (puts it) → watch
 *     watch → Watch → Prepare → …, or while a request is out, or for a long time:
 *             Nap → Rest (a click or a signal ends it) → Prepare, or ReadPolicy → Authorize → …
 *     resolve → Close, or one more look when an alarm came meanwhile
 *
 *   Begin → TellUnknown, for an alarm that names no database; Begin → GiveUp, from the sweeper
 *   Begin → AskWayBack → TryWayBack → TellWayBack, from the sweeper, a day after something was made larger
 *   Prepare → NextRun → Continue (the next execution of the same incident), when its history is nearly full
 *
 * It is generic: it names no probe, rule or action, and every state may run twice.
 */
export class RespondWorkflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, functions: RespondFunctions) {
    super(scope, id);
    const logs = new LogGroup(this, "Logs", {
      // Under this prefix delivery adds nothing to CloudWatch Logs' resource policy, which has room for few.
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}-respond`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new StateMachine(this, "Machine", {
      definitionBody: DefinitionBody.fromChainable(this.definition(functions)),
      tracingEnabled: true,
      timeout: longest,
      // Without the data: task tokens and statements stay in the execution's history, out of a log that more may read.
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      comment: "rds-responder: one incident",
    });
    allowContinuing(this, this.machine);
    accept(
      this.machine.role,
      "AwsSolutions-IAM5[Resource::*]",
      "Delivery of its log and of traces takes no resource.",
    );
    for (const fn of Object.values(functions)) {
      accept(
        this.machine.role,
        `AwsSolutions-IAM5[Resource::${attributeOf(fn, "Arn")}:*]`,
        "CDK's grant to invoke any version of a function of this stack.",
      );
    }
  }

  private definition(functions: RespondFunctions): IChainable {
    const { coordinate } = functions;
    const failed = giveUpState(this, coordinate);
    const prepare = prepareState(this, coordinate, failed);
    const assess = assessState(this, functions);
    const diagnose = this.step("Diagnose", functions.diagnose, failed, { step: "diagnose" });
    const authorize = this.step("Authorize", coordinate, failed, { step: "authorize" });
    const announce = retried(
      coordinateTask(this, "Announce", coordinate, { step: "announce", resultPath: JsonPath.DISCARD }),
    );
    // What was done is known to this state alone.
    const record = retriedPatiently(coordinateTask(this, "Record", coordinate, { step: "record" }));
    catchAll(record, failed, error);

    const diagnosed = assess.next(diagnose);
    catchAll(assess, assessFailed(this).next(diagnose), error);
    const readPolicy = policyState(this, functions.collect, authorize);
    const next = this.nextStep(functions, failed, { prepare, readPolicy });
    // The channel may be down: the incident goes on without it.
    catchAll(announce, next, JsonPath.DISCARD);
    announce.next(next);
    authorize.next(
      new Choice(this, "Permitted")
        .when(Condition.booleanEquals("$.permitted", true), actState(this, functions, record, error))
        .otherwise(announce),
    );
    record.next(announce);
    prepare.next(locateState(this, functions.collect, diagnosed)).next(diagnosed);
    diagnose.next(announce);
    const respond = wakeUpState(this, functions).next(prepare);
    const wayBack = wayBackStates(this, functions);
    return beginState(this, coordinate, { respond, giveUp: failed, wayBack });
  }

  /** A state whose failure ends the execution, told to people. */
  private step(id: string, fn: IFunction, failed: IChainable, props: CoordinateProps): LambdaInvoke {
    const task = retried(coordinateTask(this, id, fn, props));
    catchAll(task, failed, error);
    return task;
  }

  private nextStep(
    functions: RespondFunctions,
    failed: IChainable,
    { prepare, readPolicy }: { readonly prepare: TaskStateBase; readonly readPolicy: TaskStateBase },
  ): Choice {
    const close = this.step("Close", functions.coordinate, failed, { step: "close" });
    // Never taken for "resolve": an incident must not close on a word that nobody knows.
    const unknown = new Pass(this, "UnknownStep", {
      result: Result.fromObject({ Error: "UnknownStep", Cause: "The decided step is none of the machine's" }),
      resultPath: error,
    });
    const is = (kind: string) => Condition.stringEquals("$.step.kind", kind);
    // An alarm that came in the last moment keeps it open: one more look.
    close.next(new Choice(this, "Ended").when(is("resolve"), new Succeed(this, "Closed")).otherwise(prepare));
    return (
      new Choice(this, "NextStep")
        // The gate is asked before people are: nobody is to agree to what would be withheld.
        .when(Condition.or(is("act"), is("ask-approval")), readPolicy)
        .when(
          Condition.and(is("watch"), isEndedByOthers),
          restState(this, functions.coordinate, failed, { prepare, readPolicy }),
        )
        .when(is("watch"), watchState(this, prepare))
        .when(is("resolve"), close)
        .otherwise(unknown.next(failed))
    );
  }
}
