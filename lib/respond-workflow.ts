import { RemovalPolicy } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  Choice,
  Condition,
  DefinitionBody,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  LogLevel,
  Pass,
  Result,
  StateMachine,
  Succeed,
  TaskInput,
  type TaskStateBase,
  Timeout,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { Construct } from "constructs";
import { accept, attributeOf } from "./accept-finding.ts";
import { actState } from "./act-state.ts";
import { assessFailed, assessState } from "./assess-state.ts";
import { beginState } from "./begin-state.ts";
import { allowContinuing } from "./continued-state.ts";
import { prepareState } from "./prepare-state.ts";
import { wakeUpState } from "./wake-up-state.ts";
import {
  type CoordinateProps,
  catchAll,
  coordinateTask,
  final,
  giveUpState,
  notAgain,
  retried,
  retriedPatiently,
} from "./workflow-tasks.ts";

export interface RespondFunctions {
  readonly coordinate: IFunction;
  readonly collect: IFunction;
  readonly probePostgres: IFunction;
  readonly probeMysql: IFunction;
  readonly actPostgres: IFunction;
  readonly actMysql: IFunction;
}

const error = "$.error";

/**
 * One incident from its alarm to its end:
 *
 *   Begin → WakeUp → Prepare → Assess (Collect | Probe) → Diagnose → Announce → NextStep
 *     act → Authorize → ActOnPostgres | ActOnMysql → Record → Announce → …
 *     ask-approval → Question → AskApproval (waits for a click) → Authorize → …
 *     watch → Watch → Prepare → …
 *     resolve → Close
 *
 *   Begin → TellUnknown, for an alarm that names no database; Begin → GiveUp, from the sweeper
 *   Prepare → NextRun → Continue (the next execution of the same incident), when its history is nearly full
 *
 * It is generic: it names no probe, rule or action, and every state may run twice.
 */
export class RespondWorkflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, functions: RespondFunctions) {
    super(scope, id);
    const logs = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new StateMachine(this, "Machine", {
      definitionBody: DefinitionBody.fromChainable(this.definition(functions)),
      tracingEnabled: true,
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
    const diagnose = this.step("Diagnose", coordinate, failed, { step: "diagnose" });
    const authorize = this.step("Authorize", coordinate, failed, { step: "authorize" });
    const announce = retried(
      coordinateTask(this, "Announce", coordinate, { step: "announce", resultPath: JsonPath.DISCARD }),
    );
    // What was done is known to this state alone.
    const record = retriedPatiently(coordinateTask(this, "Record", coordinate, { step: "record" }));
    catchAll(record, failed, error);

    const diagnosed = assess.next(diagnose);
    catchAll(assess, assessFailed(this).next(diagnose), error);
    const next = this.nextStep(functions, failed, { prepare, authorize });
    // The channel may be down: the incident goes on without it.
    catchAll(announce, next, JsonPath.DISCARD);
    announce.next(next);
    authorize.next(
      new Choice(this, "Permitted")
        .when(Condition.booleanEquals("$.permitted", true), actState(this, functions, record, error))
        .otherwise(announce),
    );
    record.next(announce);
    prepare.next(diagnosed).next(announce);
    const respond = wakeUpState(this, functions).next(prepare);
    return beginState(this, coordinate, { respond, giveUp: failed });
  }

  /** A state whose failure ends the execution, told to people. */
  private step(id: string, coordinate: IFunction, failed: IChainable, props: CoordinateProps): LambdaInvoke {
    const task = retried(coordinateTask(this, id, coordinate, props));
    catchAll(task, failed, error);
    return task;
  }

  private nextStep(
    functions: RespondFunctions,
    failed: IChainable,
    { prepare, authorize }: { readonly prepare: TaskStateBase; readonly authorize: TaskStateBase },
  ): Choice {
    const close = this.step("Close", functions.coordinate, failed, { step: "close" });
    const watch = new Wait(this, "Watch", { time: WaitTime.secondsPath("$.step.seconds") });
    // Never taken for "resolve": an incident must not close on a word that nobody knows.
    const unknown = new Pass(this, "UnknownStep", {
      result: Result.fromObject({ Error: "UnknownStep", Cause: "The decided step is none of the machine's" }),
      resultPath: error,
    });
    const is = (kind: string) => Condition.stringEquals("$.step.kind", kind);
    // An alarm that came in the last moment keeps it open: one more look.
    close.next(new Choice(this, "Ended").when(is("resolve"), new Succeed(this, "Closed")).otherwise(prepare));
    return new Choice(this, "NextStep")
      .when(is("act"), authorize)
      .when(is("ask-approval"), this.askApproval(functions, failed, authorize))
      .when(is("watch"), watch.next(prepare))
      .when(is("resolve"), close)
      .otherwise(unknown.next(failed));
  }

  /**
   * Question puts the timeout where `$.Payload.timeoutSeconds` finds it both in the state's input, which Step
   * Functions reads, and in the task's parameters, which the local interpreter of the tests reads.
   */
  private askApproval({ coordinate }: RespondFunctions, failed: IChainable, authorize: TaskStateBase): Pass {
    const ask = retried(
      notAgain(
        new LambdaInvoke(this, "AskApproval", {
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
    ask.addCatch(authorize, {
      errors: ["States.Timeout", "States.HeartbeatTimeout", final.decided],
      resultPath: JsonPath.DISCARD,
    });
    catchAll(ask, failed, error);
    const question = new Pass(this, "Question", {
      parameters: { timeoutSeconds: JsonPath.numberAt("$.step.timeoutSeconds") },
      resultPath: "$.Payload",
    });
    question.next(ask).next(authorize);
    return question;
  }
}
