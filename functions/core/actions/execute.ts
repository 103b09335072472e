import type { Outcome, Refusal, WorkOrder } from "../contract/work-order.ts";
import { messageOf, SqlError } from "../errors.ts";
import type { Clock, Databases, SqlSession } from "../ports.ts";
import type { Settings } from "../settings.ts";
import { aside } from "./aside.ts";
import type { DatabaseWorld } from "./define.ts";
import { type CutShort, type Ending, firstAttempt, notNow, stillRunning } from "./ending.ts";
import { type Bound, followed, inOrder, tried } from "./in-order.ts";
import { databaseActions } from "./index.ts";
import { asksFirst, expired, recorded, undoOf, unknownAction } from "./recorded.ts";
import { toldOfEarlier } from "./sent.ts";

export interface ExecuteDeps {
  /** Looks whether it could be done, and does nothing. */
  readonly dryRun?: boolean;
  readonly databases: Databases;
  readonly clock: Clock;
  /** An earlier attempt at this order ended without an answer; absent: none did. */
  readonly repeated?: boolean;
  readonly probing: Pick<Settings["probing"], "connectTimeoutMs" | "immediateTimeoutMs" | "lockTimeoutMs">;
}

/**
 * Carries out one order on one connection: expiry, target checked, act, effect looked for. What a database or the
 * network can do to it is an outcome; only a fault of this program throws. Carried out twice, it acts once.
 */
export async function executeOrder(
  order: WorkOrder,
  deps: ExecuteDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const doing = (note: (says: string) => void) => carryOut(order, deps, signal, note);
  return recorded(order, deps.clock, doing, (takesBack) => undoOf(takesBack, order, databaseActions));
}

async function carryOut(
  order: WorkOrder,
  { databases, clock, probing, dryRun = false, repeated = false }: ExecuteDeps,
  signal: AbortSignal,
  note: (says: string) => void,
): Promise<Ending> {
  const bound = bind(order);
  if ("guard" in bound) return notNow(order, bound, clock.now());
  const late = expired(order, clock);
  if (late !== null) return notNow(order, late, clock.now());
  const cutShort = repeated ? repeat : firstAttempt;
  const options = {
    purpose: "act",
    connectTimeoutMs: probing.connectTimeoutMs,
    statementTimeoutMs: probing.immediateTimeoutMs,
    lockTimeoutMs: probing.lockTimeoutMs,
  } as const;
  const connected = await databases.connect(order.target, options, signal);
  if (connected.kind === "not-connected") {
    const { detail, failedStep } = connected.connection;
    const why = detail ?? failedStep ?? "no reason given";
    if (order.follows !== undefined)
      return stillRunning(`How far it is could not be seen (${why}).`, order.follows, clock.now());
    return cutShort.before(`the database could not be reached (${why})`);
  }
  const { session } = connected;
  try {
    // Connecting takes time too, and a queue before it more.
    const lateNow = expired(order, clock) ?? otherEngine(order, session);
    if (lateNow !== null) return notNow(order, lateNow, clock.now());
    const { target, guards, issuedAt } = order;
    const orderedAt = Date.parse(issuedAt);
    const world: DatabaseWorld = {
      ...{ session, target, guards, orderedAt, clock, signal, repeated, note },
      aside: (from, look) => aside({ databases, target, options }, from, look),
    };
    if (dryRun) return await tried(bound, world, told);
    return order.follows === undefined
      ? await inOrder(bound, world, told, cutShort)
      : await followed(bound, order.follows, world, told);
  } finally {
    await session.close();
  }
}

const repeat: CutShort = {
  ...firstAttempt,
  before: (why) => ({
    status: "failed",
    summary: `${toldOfEarlier()} ${why[0]?.toUpperCase()}${why.slice(1)}. The next look at the database tells.`,
    mayHaveActed: true,
  }),
};

/** The words of an expected failure; anything else is a fault of this program and is thrown on. */
function told(error: unknown, { signal }: DatabaseWorld): string {
  if (error instanceof SqlError || signal.aborted) return messageOf(error);
  throw error;
}

function bind({ actionId, input, target, guards }: WorkOrder): Bound<DatabaseWorld> | Refusal {
  const action = databaseActions.find(({ id }) => id === actionId);
  if (action === undefined) return unknownAction(`This version knows no action ${actionId}.`);
  if (!action.engines.includes(target.engine)) {
    return unknownAction(`${actionId} does not exist for ${target.engine}.`);
  }
  if (guards.unasked === true && action.asksAlways === true) return asksFirst(actionId);
  return action.bind(input) ?? unknownAction(`The order's input is not one of ${actionId}.`);
}

/** The statements would be those of another engine. */
function otherEngine({ target }: WorkOrder, { server }: SqlSession): Refusal | null {
  if (server.engine === target.engine) return null;
  return {
    guard: "engine-mismatch",
    reason: `The order is for ${target.engine}, the server is ${server.engine}.`,
    release: "Correct the engine of the database's entry; the next assessment issues a new order.",
  };
}
