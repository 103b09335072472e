import { stillRunning } from "../actions/in-order.ts";
import { awsOffers } from "../actions/offers.ts";
import { undoOf } from "../actions/recorded.ts";
import type { Outcome, WorkOrder } from "../contract/work-order.ts";

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
  const notStarted = error !== null && notInvokedErrors.includes(error.Error);
  if (notStarted && begun === 0) {
    const reason = `The acting function could not be started (${what}).`;
    return {
      ...none,
      status: "refused",
      summary: `Nothing was sent. ${reason}`,
      refusal: {
        guard: "acting-function-busy",
        reason,
        release:
          "Lifts by itself: the next look issues a new order. When it lasts, raise the function's reserved concurrency or the account's quota.",
      },
      mayHaveActed: false,
      steps: [],
      killed: [],
    };
  }
  const how = notStarted ? "did not answer, and could not be started again" : "did not answer";
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

/** What nobody heard of RDS again is looked for so long: its pages name no time for any change. */
const lostSeconds = 7200;

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
    return { ...lost, refusal: null, ...stillRunning(says, order.follows, now) };
  }
  if (order.acts !== "aws" || lost.mayHaveActed !== true) return lost;
  // An application shows nothing of it: nobody could follow it.
  const gone = awsOffers.find(({ id }) => id === order.actionId)?.lostFor(order.input, order.orderId) ?? null;
  if (gone !== null) {
    const undo = undoOf(gone.takesBack, order, awsOffers);
    return { ...lost, summary: `${gone.says} ${lost.summary}`, ...(undo === null ? {} : { undo }) };
  }
  const until = new Date(now + lostSeconds * 1000).toISOString();
  return { ...lost, status: "running", running: { startedAt: order.issuedAt, until, handle: {} } };
}
