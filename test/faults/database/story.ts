import { spawn } from "node:child_process";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import type { Clock } from "../../../functions/core/ports.ts";
import { outcomeOfLostLook } from "../../../functions/core/respond/outcome-of-error.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { databasesAs, orderFor } from "../../engines/actions/support.ts";
import type { BreakingWay } from "../../lab/endpoint/breaking-way.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { type StatementFault, statementFaults } from "./fault-table.ts";
import type { Scene } from "./scene.ts";

/** One order from the fault, or from its beginning, to its end. */
export interface Told {
  /** What the record says of it first, and what in the end. */
  readonly first: Outcome;
  readonly last: Outcome;
  /** How often its statement has reached the server, and how often it was done there, as somebody else saw it. */
  readonly reached: number;
  readonly done: number;
}

interface Stage {
  readonly server: LabServer;
  readonly way: BreakingWay;
  /** The bundle of dying-function.ts. */
  readonly program: string;
}

/** The order that the fault befalls, and a new one if something is left to do. */
export async function play(stage: Stage, id: string, scene: Scene, fault: StatementFault): Promise<Told[]> {
  const order = orderFor(stage.server, id.split(":")[0] ?? "", await scene.prepare());
  const given = { ...order, target: { ...order.target, port: stage.way.port } };
  const befallen = await firstOutcome(stage, given, scene, fault);
  const one = await toldOf(given, befallen, scene, stage.way);
  if (/done$/.test(one.last.status)) return [one];
  const next = { ...given, orderId: "order-2", ...times() };
  await scene.settle?.();
  const other = await toldOf(next, { first: await onceItIsGone(next) }, scene, stage.way);
  return [one, { ...other, reached: other.reached - one.reached, done: other.done - one.done }];
}

/** A busy server takes its time to see that a session has lost its client, and keeps its lock: whoever asks, asks again. */
async function onceItIsGone(order: WorkOrder): Promise<Outcome> {
  const what = "the session that was cut off has given its lock back";
  const asked = async () => {
    const outcome = await carryOut(order);
    return /another execution/i.test(outcome.summary) ? null : { outcome };
  };
  return (await waitUntil(asked, { what })).outcome;
}

interface Befallen {
  readonly first: Outcome;
  /** Of the attempt that came after one that died. */
  readonly repeat?: Outcome;
}

async function toldOf(
  order: WorkOrder,
  { first, repeat = first }: Befallen,
  scene: Scene,
  way: BreakingWay,
): Promise<Told> {
  const last = await toTheEnd(order, repeat);
  const reached = way.reached();
  // A session that is told to end takes its time, and what the server is told it does, whoever listens.
  const done = await waitUntil(
    async () => {
      const times = await scene.done();
      return times >= reached ? { times } : null;
    },
    { what: `what has reached the server ${reached} times is done` },
  );
  return { first, last, reached, done: done.times };
}

function times(): Pick<WorkOrder, "issuedAt" | "expiresAt"> {
  return {
    issuedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  };
}

export function carryOut(
  order: WorkOrder,
  repeated = false,
  signal = AbortSignal.timeout(45_000),
): Promise<Outcome> {
  const probing = { ...defaultSettings.probing, connectTimeoutMs: 1500 };
  const deps = { databases: databasesAs("actor"), clock: hastyClock(), probing, repeated };
  return executeOrder(order, deps, signal);
}

/** To look for what is not there takes seconds, of which most are slept. */
function hastyClock(): Clock {
  const clock = createSkippingClock();
  return {
    now: clock.now,
    sleep: async (ms, signal) => {
      await clock.sleep(ms / 6, signal);
      clock.skip(ms - ms / 6);
    },
  };
}

async function firstOutcome(
  { way, program }: Stage,
  order: WorkOrder,
  { acting }: Scene,
  fault: StatementFault,
): Promise<Befallen> {
  const struck = way.breakAt(acting, statementFaults[fault]);
  if (fault.startsWith("dead")) {
    await killed(program, order, struck);
    const error = { Error: "Lambda.Unknown", Cause: "exited" };
    const first = outcomeOfLostLook(order, { error, begun: 0 }, Date.now());
    // As actOnDatabase tells what a second attempt has found.
    return { first, repeat: { ...(await carryOut(order, true)), mayHaveActed: true } };
  }
  const deadline = new AbortController();
  if (statementFaults[fault].ends === "silence") struck.then(() => deadline.abort()).catch(() => undefined);
  return { first: await carryOut(order, false, deadline.signal) };
}

/** The process gets no time for anything. */
async function killed(program: string, order: WorkOrder, struck: Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: "pipe" });
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += String(chunk);
    });
  child.on("close", (code) => resolve(`${code} ${said}`));
  const early = await Promise.race([struck.then(() => null), ended]);
  if (early !== null) throw new Error(`the function ended before it was killed: ${early}`);
  child.kill("SIGKILL");
  await ended;
}

/** What goes on by itself is looked after until it has ended, as the machine does. */
async function toTheEnd(order: WorkOrder, outcome: Outcome): Promise<Outcome> {
  let last = outcome;
  for (let look = 0; look < 20 && last.running !== undefined; look += 1)
    last = await carryOut({ ...order, ...times(), follows: { ...last.running, mayTidy: true } });
  return last;
}
