import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  type CustomState,
  Errors,
  Fail,
  type IChainable,
  JitterType,
  JsonPath,
  type Parallel,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { DecidingStep } from "../functions/core/contract/workflow.ts";

/** Lambda's own troubles, before or instead of our code. */
const lambdaTrouble = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
];

/**
 * A state that runs one function of the responder. Retries are given by the functions below: CDK's own would also
 * repeat what must not wait.
 */
export function lambdaTask(
  scope: Construct,
  id: string,
  fn: IFunction,
  {
    timeout,
    resultPath,
    payload,
  }: { readonly timeout: Duration; readonly resultPath?: string; readonly payload?: TaskInput },
): LambdaInvoke {
  return new LambdaInvoke(scope, id, {
    lambdaFunction: fn,
    ...(payload === undefined ? {} : { payload }),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(timeout),
    ...(resultPath === undefined ? {} : { resultPath }),
  });
}

export interface CoordinateProps {
  readonly step: DecidingStep;
  readonly resultPath?: string;
  /** Tell the step which execution it belongs to. */
  readonly execution?: boolean;
  /** And how often it has run before. */
  readonly retries?: boolean;
}

/** A state of a function that decides or speaks: the state's input goes along with the name of the step. */
export function coordinateTask(
  scope: Construct,
  id: string,
  fn: IFunction,
  { step, resultPath, execution = false, retries = false }: CoordinateProps,
): LambdaInvoke {
  const task = lambdaTask(scope, id, fn, {
    timeout: Duration.seconds(60),
    payload: TaskInput.fromObject({
      step,
      ...(execution ? { execution: JsonPath.stringAt("$$.Execution.Name") } : {}),
      ...(retries ? { retries: JsonPath.numberAt("$$.State.RetryCount") } : {}),
      input: JsonPath.entirePayload,
    }),
    ...(resultPath === undefined ? {} : { resultPath }),
  });
  return notAgain(task);
}

/** Thrown by our code (functions/core/errors.ts) to say that a second try would end like the first. */
export const final = {
  invalidInput: "InvalidInput",
  over: "IncidentOver",
  lookNow: "SignalWaiting",
  handOver: "HandOver",
} as const;

/** Before the other retries: of those, the first that matches counts. */
export function notAgain<T extends TaskStateBase>(task: T): T {
  task.addRetry({ errors: Object.values(final), maxAttempts: 0 });
  return task;
}

/**
 * Every state may run twice, so nearly every error is worth another try. States.Timeout is left out: a click that did
 * not come, or a step that has used its time, is not cured by waiting again.
 */
export function retried<T extends TaskStateBase>(task: T): T {
  task.addRetry({
    errors: [...lambdaTrouble, Errors.TASKS_FAILED],
    interval: Duration.seconds(1),
    maxAttempts: 4,
    backoffRate: 2,
  });
  return task;
}

/** About five minutes, for the states after which nobody else would write down what happened. */
export function retriedPatiently<T extends TaskStateBase>(task: T): T {
  task.addRetry({
    errors: [...lambdaTrouble, Errors.TASKS_FAILED, Errors.TIMEOUT],
    interval: Duration.seconds(1),
    maxAttempts: 9,
    backoffRate: 2,
    maxDelay: Duration.seconds(60),
  });
  return task;
}

/**
 * For looking: a storm meets the reserved concurrency, and a place in the queue beats a diagnosis without a look.
 * A look that failed is not repeated; what it could not see is listed as missing and the next look is near.
 */
export function retriedWhenThrottled<T extends TaskStateBase>(task: T): T {
  task.addRetry({
    errors: lambdaTrouble,
    interval: Duration.seconds(1),
    maxAttempts: 6,
    backoffRate: 2,
    maxDelay: Duration.seconds(8),
    jitterStrategy: JitterType.FULL,
  });
  return task;
}

/**
 * Catches also what States.ALL leaves out and can be named: a result above 256 KiB.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function catchAll(
  state: TaskStateBase | Parallel | CustomState,
  handler: IChainable,
  resultPath: string,
): void {
  state.addCatch(handler, { errors: ["States.DataLimitExceeded"], resultPath });
  state.addCatch(handler, { resultPath });
}

/** Tells people that the responder itself failed; then the execution fails too, which its alarm sees. */
export function giveUpState(scope: Construct, coordinate: IFunction): TaskStateBase {
  const task = retriedPatiently(
    coordinateTask(scope, "GiveUp", coordinate, {
      step: "give-up",
      execution: true,
      retries: true,
      resultPath: JsonPath.DISCARD,
    }),
  );
  task.next(
    new Fail(scope, "ResponderFailed", {
      error: "ResponderFailed",
      cause: "A step of the responder failed for good; the incident says which",
    }),
  );
  return task;
}
