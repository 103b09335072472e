import type { Failovers, RdsChanges, Webhooks } from "../change-ports.ts";
import type { Tried } from "../contract/way-back.ts";
import type { Outcome, Refusal, WorkOrder } from "../contract/work-order.ts";
import { AwsError, messageOf } from "../errors.ts";
import type { Clock, Metrics } from "../ports.ts";
import type { Schedules } from "../schedule-ports.ts";
import { awsActions } from "./aws-index.ts";
import type { AwsWorld } from "./define-aws.ts";
import { type CutShort, type Ending, firstAttempt, notNow } from "./ending.ts";
import { type Bound, followed, inOrder, tried } from "./in-order.ts";
import { maybeBegun } from "./lost-attempt.ts";
import { asksFirst, expired, recorded, undoOf, unknownAction } from "./recorded.ts";
import { toldOfEarlier } from "./sent.ts";

export interface ExecuteAwsDeps {
  /** Looks whether it could be done, and does nothing. */
  readonly dryRun?: boolean;
  readonly rds: RdsChanges;
  /** Absent: nothing of an application can be called from here. */
  readonly webhooks?: Webhooks | null;
  /** Absent: nothing of EventBridge can be changed from here. */
  readonly schedules?: Schedules | null;
  /** Absent: no failover can be started from here. */
  readonly failovers?: Failovers | null;
  /** Absent: CloudWatch cannot be asked from here. */
  readonly metrics?: Metrics | null;
  readonly clock: Clock;
  /** An earlier attempt at this order ended without an answer. */
  readonly repeated: boolean;
}

/**
 * Carries out one order on AWS, as executeOrder does on a database. Carried out twice it acts once: what an earlier
 * attempt has begun is found again, also when the order's time is over by then.
 */
export async function executeAwsOrder(
  order: WorkOrder,
  deps: ExecuteAwsDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const doing = (note: (says: string) => void) => carryOut(order, deps, signal, note);
  return recorded(order, deps.clock, doing, (takesBack) => undoOf(takesBack, order, awsActions));
}

/** Whether it could be done now, by the action's own look; nothing is sent. */
export async function tryAwsOrder(
  order: WorkOrder,
  deps: ExecuteAwsDeps,
  signal: AbortSignal,
): Promise<Tried> {
  const bound = bind(order);
  if ("guard" in bound) return { kind: "refused", says: bound.reason };
  const world = worldOf(order, deps, signal, () => undefined);
  try {
    const check = await bound.preCheck({ ...world, onlyLook: true });
    if (check.kind === "refuse") return { kind: "refused", says: check.reason };
    return { kind: check.kind === "go" ? "go" : "back", says: check.says };
  } catch (error) {
    return { kind: "failed", says: `It could not be looked at (${told(error, world)}).` };
  }
}

function worldOf(
  order: WorkOrder,
  {
    rds,
    webhooks = null,
    schedules = null,
    failovers = null,
    metrics = null,
    clock,
    repeated,
  }: ExecuteAwsDeps,
  signal: AbortSignal,
  note: (says: string) => void,
): AwsWorld {
  return {
    ...{ rds, webhooks, schedules, failovers, metrics, clock, signal, note, repeated },
    ...{ target: order.target, guards: order.guards, orderId: order.orderId },
    approvalId: order.approvalId ?? null,
    orderedAt: Date.parse(order.issuedAt),
    onlyLook: false,
  };
}

async function carryOut(
  order: WorkOrder,
  deps: ExecuteAwsDeps,
  signal: AbortSignal,
  note: (says: string) => void,
): Promise<Ending> {
  const { clock, repeated, dryRun = false } = deps;
  const bound = bind(order);
  if ("guard" in bound) return notNow(order, bound, clock.now());
  const late = expired(order, clock);
  if (late !== null && !repeated) return notNow(order, late, clock.now());
  const world = { ...worldOf(order, deps, signal, note), onlyLook: late !== null };
  if (dryRun) return tried(bound, world, told);
  return order.follows === undefined
    ? inOrder(bound, world, told, repeated ? repeatOf(order, clock) : firstAttempt)
    : followed(bound, order.follows, world, told);
}

/** What the attempt before has sent goes on, seen or not. */
function repeatOf(order: WorkOrder, clock: Clock): CutShort {
  const begun = (says: string) => maybeBegun(order, awsActions, says, clock.now());
  return {
    before: (why) => begun(`${toldOfEarlier()} What comes of it is looked for, since ${why}.`),
    within: (why) =>
      begun(`Whether it was carried out is not known (${why}). What comes of it is looked for.`),
  };
}

/** The words of an expected failure; anything else is a fault of this program and is thrown on. */
function told(error: unknown, { signal }: AwsWorld): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  if (signal.aborted) return messageOf(error);
  throw error;
}

function bind({ actionId, input, target, guards }: WorkOrder): Bound<AwsWorld> | Refusal {
  const action = awsActions.find(({ id }) => id === actionId);
  if (action === undefined) return unknownAction(`This version knows no action ${actionId} on AWS.`);
  if (!action.engines.some((engine) => engine === target.engine)) {
    return unknownAction(`${actionId} does not exist for ${target.engine}.`);
  }
  if (guards.unasked === true) return asksFirst(actionId);
  return action.bind(input) ?? unknownAction(`The order's input is not one of ${actionId}.`);
}
