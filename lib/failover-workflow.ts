import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  JsonPath,
  LogLevel,
  StateMachine,
  Succeed,
  TaskInput,
  type TaskStateBase,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Phase } from "../functions/core/contract/failover.ts";
import { accept, attributeOf } from "./accept-finding.ts";
import { catchAll, final, lambdaTask, notAgain, retriedPatiently } from "./workflow-tasks.ts";

/** A person's answer and RDS's longest wait, each of them twice: what lasts longer hangs. */
const longest = Duration.hours(6);
/** Longer than the function's own. */
const stepLimit = Duration.seconds(150);

/** What an operator reads in the console, by the phase of the run. */
const stateNames: Readonly<Record<Exclude<Phase, "ended">, string>> = {
  load: "LoadTopology",
  lock: "Lock",
  choose: "Choose",
  check: "Check",
  approve: "Approve",
  fence: "Fence",
  "catch-up": "CatchUp",
  execute: "Execute",
  wait: "WaitForRds",
  "prove-writable": "ProveWritable",
  repoint: "Repoint",
  "prove-name": "ProveName",
  rebuild: "Rebuild",
  announce: "Announce",
  compensate: "Compensate",
  release: "Release",
};

/** Fixed, because at the worst moment somebody looks for it in the console. */
export function failoverMachineName(scope: Construct): string {
  return `${Stack.of(scope).stackName}-failover`;
}

const execution = JsonPath.objectAt("$$.Execution");

/**
 * One failover. Started by hand with {"database": "orders-db", "reason": "…"}; {"redrive": "fo-…"} goes on with a run
 * that failed. Each state goes on with the run until its phase is left; which phase follows is the run's decision:
 *
 *   Begin → ToPhase → LoadTopology → Lock → Choose → Check → Approve → Fence → CatchUp → Execute → WaitForRds
 *         → ProveWritable → Repoint → ProveName → Rebuild → Announce → Release → FailedOver
 *   Fence, CatchUp, Execute → Compensate → Announce → Release → HeldBack or NeedsYou
 *   any → UntilNextLook → the same; a state that fails for good → GiveUp → NeedsYou, and the sweeper takes the run up
 */
export class FailoverWorkflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, failover: IFunction) {
    super(scope, id);
    const logs = new LogGroup(this, "Logs", {
      logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}-failover`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new StateMachine(this, "Machine", {
      stateMachineName: failoverMachineName(this),
      definitionBody: DefinitionBody.fromChainable(this.definition(failover)),
      tracingEnabled: true,
      timeout: longest,
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      comment: 'rds-responder: one failover. Start with {"database": "orders-db", "reason": "why"}',
    });
    const { role } = this.machine;
    accept(role, "AwsSolutions-IAM5[Resource::*]", "Delivery of its log and of traces takes no resource.");
    accept(
      role,
      `AwsSolutions-IAM5[Resource::${attributeOf(failover, "Arn")}:*]`,
      "CDK's grant to invoke any version of a function of this stack.",
    );
  }

  private definition(failover: IFunction): IChainable {
    const needsYou = new Fail(this, "NeedsYou", { error: "NeedsYou", causePath: "$.says" });
    const failed = this.giveUp(failover, needsYou);
    const begin = this.begin(failover);
    const toPhase = new Choice(this, "ToPhase");
    const pause = this.pause(toPhase);
    const is = (status: string) => Condition.stringEquals("$.status", status);
    toPhase
      .when(is("failed"), needsYou)
      .when(is("done"), new Succeed(this, "FailedOver"))
      .when(is("dry-run"), new Succeed(this, "DryRun"))
      .when(is("held"), new Succeed(this, "HeldBack"))
      .when(is("deposed"), new Succeed(this, "AnotherGoesOn"));
    for (const [phase, name] of Object.entries(stateNames)) {
      const state = this.step(name, failover, failed).next(pause);
      toPhase.when(Condition.stringEquals("$.phase", phase), state);
    }
    // Never taken for a success: what it says may have been done.
    toPhase.otherwise(
      new Fail(this, "UnknownPhase", {
        error: "UnknownPhase",
        cause: "The run's phase is none of the machine's",
      }),
    );
    return begin.next(toPhase);
  }

  /** A wrong input ends it at once, with the field and an input that would be right. */
  private begin(failover: IFunction) {
    const begin = retriedPatiently(
      notAgain(
        lambdaTask(this, "Begin", failover, {
          timeout: stepLimit,
          payload: TaskInput.fromObject({ step: "begin", execution, input: JsonPath.entirePayload }),
        }),
      ),
    );
    begin.addCatch(new Fail(this, "WrongInput", { error: "WrongInput", causePath: "$.error.Cause" }), {
      errors: [final.invalidInput],
      resultPath: "$.error",
    });
    catchAll(begin, new Fail(this, "NotBegun", { error: "NotBegun", causePath: "$.error.Cause" }), "$.error");
    return begin;
  }

  private step(name: string, failover: IFunction, failed: IChainable) {
    const task = retriedPatiently(
      notAgain(
        lambdaTask(this, name, failover, {
          timeout: stepLimit,
          payload: TaskInput.fromObject({
            step: "go-on",
            execution,
            retries: JsonPath.numberAt("$$.State.RetryCount"),
            input: JsonPath.entirePayload,
          }),
        }),
      ),
    );
    catchAll(task, failed, "$.error");
    return task;
  }

  private pause(toPhase: Choice): Choice {
    const wait = new Wait(this, "UntilNextLook", { time: WaitTime.secondsPath("$.seconds") });
    wait.next(toPhase);
    return new Choice(this, "Pause")
      .when(Condition.numberGreaterThan("$.seconds", 0), wait)
      .otherwise(toPhase);
  }

  private giveUp(failover: IFunction, needsYou: Fail): TaskStateBase {
    const task = retriedPatiently(
      lambdaTask(this, "GiveUp", failover, {
        timeout: stepLimit,
        payload: TaskInput.fromObject({ step: "give-up", execution, input: JsonPath.entirePayload }),
      }),
    );
    const notSaid = new Fail(this, "FunctionFailed", { error: "FunctionFailed", causePath: "$.error.Cause" });
    catchAll(task, notSaid, "$.error");
    task.next(needsYou);
    return task;
  }
}
