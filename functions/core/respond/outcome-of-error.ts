import { type Ending, stillRunning } from "../actions/ending.ts";
import { maybeBegun } from "../actions/lost-attempt.ts";
import { awsOffers, databaseOffers } from "../actions/offers.ts";
import { undoOf } from "../actions/recorded.ts";
import type { Outcome, Refusal, WorkOrder } from "../contract/work-order.ts";
import { attemptLost } from "./look-lost.ts";

export interface StateError {
  readonly Error: string;
  readonly Cause?: string | undefined;
}

/**
 * Lambda said no before it ran anything, and will say yes later: no place, no network interface yet, a new version
 * just being put in place. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export const notInvokedErrors: readonly string[] = [
  "Lambda.TooManyRequestsException",
  "Lambda.EC2ThrottledException",
  "Lambda.ENILimitReachedException",
  "Lambda.SubnetIPAddressLimitReachedException",
  "Lambda.ResourceNotReadyException",
  "Lambda.ResourceConflictException",
];

/**
 * Nothing ran, or the order was not taken at the function's door, and that will be so again until somebody puts it right.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export const neverTakenErrors: readonly string[] = [
  // Our own, of an order that does not parse.
  "InvalidInput",
  "Lambda.EC2AccessDeniedException",
  "Lambda.InvalidSecurityGroupIDException",
  "Lambda.InvalidSubnetIDException",
  "Lambda.KMSAccessDeniedException",
  "Lambda.KMSDisabledException",
  "Lambda.KMSInvalidStateException",
  "Lambda.KMSNotFoundException",
  "Lambda.ResourceNotFoundException",
];

/**
 * What is known when the acting function gave no outcome. `begun`: attempts before the one with this error that may have
 * begun, and ended without an answer.
 */
export function outcomeOfError(order: WorkOrder, error: StateError | null, begun: number): Outcome {
  const what = error === null ? "no reason given" : `${error.Error}: ${(error.Cause ?? "").slice(0, 300)}`;
  const none = {
    schema: "action-outcome.v1",
    orderId: order.orderId,
    actionId: order.actionId,
    actionKey: order.actionKey,
    steps: [],
    killed: [],
    tookMs: 0,
  } as const;
  const refusal = error === null ? null : notTaken(error, what);
  if (refusal !== null && begun === 0) {
    const summary = `Nothing was sent. ${refusal.reason}`;
    return { ...none, status: "refused", summary, refusal, mayHaveActed: false, steps: [], killed: [] };
  }
  const how = refusal !== null ? "did not answer, and could not be started again" : "did not answer";
  return {
    ...none,
    status: "failed",
    summary: `The acting function ${how} (${what}). Whether it acted is not known; the next look will tell.`,
    refusal: null,
    mayHaveActed: true,
    steps: [],
    killed: [],
  };
}

/** Null: it may have run. */
function notTaken(error: StateError, what: string): Refusal | null {
  if (notInvokedErrors.includes(error.Error))
    return {
      guard: "acting-function-busy",
      reason: `The acting function could not be started (${what}).`,
      release:
        "Lifts by itself: the next look issues a new order. When it lasts, raise the function's reserved concurrency or the account's quota.",
    };
  if (!neverTakenErrors.includes(error.Error)) return null;
  return {
    guard: "acting-function-faulty",
    reason: `The acting function did not take the order (${what}).`,
    release:
      "Whoever operates the responder puts right what the reason names; deploy one version of all functions.",
  };
}

/**
 * It was only looked after: what was begun goes on without whoever looks. So does what may have been begun on AWS: it is
 * followed as if it had been, and what RDS shows tells whether it was.
 */
export function outcomeOfLostLook(
  order: WorkOrder,
  { error, begun }: { readonly error: StateError | null; readonly begun: number },
  now: number,
): Outcome {
  const lost = outcomeOfError(order, error, begun);
  if (order.follows !== undefined) {
    const says = `How far it is could not be seen: ${lost.summary}`;
    const follows = lost.mayHaveActed === true ? attemptLost(order.follows) : order.follows;
    return told({ ...lost, refusal: null }, order, stillRunning(says, follows, now));
  }
  if (order.acts !== "aws" || lost.mayHaveActed !== true) return lost;
  return told(lost, order, maybeBegun(order, awsOffers, lost.summary, now));
}

function told(lost: Outcome, order: WorkOrder, { takesBack = null, ...ending }: Ending): Outcome {
  const undo = undoOf(takesBack, order, [...awsOffers, ...databaseOffers]);
  return { ...lost, ...ending, ...(undo === null ? {} : { undo }) };
}
