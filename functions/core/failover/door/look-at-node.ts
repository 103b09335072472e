import type { NodeLookOrder } from "../../contract/failover-node.ts";
import type { NodeLook } from "../../contract/failover-topology.ts";
import { messageOf, SqlError } from "../../errors.ts";
import type { SqlSession } from "../../ports.ts";
import { type DoorDeps, signIn, type Way, wayOf, within } from "./node-way.ts";
import { nothingSaid } from "./said.ts";

/** Of the function in the VPC; the machine's own limit lies above it. */
const deadlineMs = 10_000;
/** Of a session that was kept: one to a host that hangs, or is gone without a word, is given up for a new sign-in. */
const keptMs = 1000;

type Told = Omit<NodeLook, "at">;

/** A node as it says itself. Never throws for what a node can do to it; says at which step nobody answered any more. */
export async function lookAtNode(
  order: NodeLookOrder,
  deps: DoorDeps,
  signal?: AbortSignal,
): Promise<NodeLook> {
  const { target } = order;
  const way = wayOf(order, deps);
  const look =
    (await byKept(way, deps, signal)) ??
    (await byNew(way, deps, within(order.withinMs ?? deadlineMs, signal)));
  deps.log.info("failover.looked", { node: target.name, reachable: look.reachable, failedAt: look.failedAt });
  return { at: new Date(deps.clock.now()).toISOString(), ...look };
}

/** Null: there is none, or it did not answer, which says nothing of the node. */
async function byKept(
  way: Way,
  { engine, kept }: DoorDeps,
  signal: AbortSignal | undefined,
): Promise<Told | null> {
  const session = kept?.take(way.target) ?? null;
  if (kept === undefined || session === null) return null;
  try {
    const said = await engine.look(session, way, within(keptMs, signal));
    await kept.keep(way.target, session);
    return { ...said, reachable: true, failedAt: null };
  } catch {
    void session.close().catch(() => undefined);
    return null;
  }
}

async function byNew(way: Way, deps: DoorDeps, signal: AbortSignal): Promise<Told> {
  const result = await signIn(way, "probe", signal);
  if (result.kind === "not-connected") {
    const { failedStep, detail } = result.connection;
    const refused = failedStep === "tcp" && /ECONNREFUSED/.test(detail ?? "");
    return {
      ...nothingSaid,
      ...{ reachable: false, failedAt: failedStep ?? detail ?? "connecting" },
      ...(refused ? { refused } : {}),
    };
  }
  const { session } = result;
  const look = await asked(session, way, deps, signal);
  if (deps.kept !== undefined && look.failedAt === null) await deps.kept.keep(way.target, session);
  else await session.close();
  return look;
}

async function asked(
  session: SqlSession,
  way: Way,
  { engine }: DoorDeps,
  signal: AbortSignal,
): Promise<Told> {
  try {
    return { ...(await engine.look(session, way, signal)), reachable: true, failedAt: null };
  } catch (error) {
    // It let us in and did not answer: a server that hangs is no server that is there.
    const answered = !(error instanceof SqlError) || error.kind === "permission";
    return { ...nothingSaid, reachable: answered, failedAt: `asking (${messageOf(error)})` };
  }
}
