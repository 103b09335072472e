import type { NodeLookOrder } from "../../contract/failover-node.ts";
import type { NodeLook } from "../../contract/failover-topology.ts";
import { messageOf, SqlError } from "../../errors.ts";
import { type DoorDeps, signIn, type Way, wayOf, within } from "./node-way.ts";
import { nothingSaid } from "./said.ts";

/** Of the function in the VPC; the machine's own limit lies above it. */
const deadlineMs = 10_000;

/** A node as it says itself. Never throws for what a node can do to it; says at which step nobody answered any more. */
export async function lookAtNode(
  order: NodeLookOrder,
  deps: DoorDeps,
  signal?: AbortSignal,
): Promise<NodeLook> {
  const { target } = order;
  const look = await lookThrough(wayOf(order, deps), deps.engine, within(deadlineMs, signal));
  deps.log.info("failover.looked", { node: target.name, reachable: look.reachable, failedAt: look.failedAt });
  return { at: new Date(deps.clock.now()).toISOString(), ...look };
}

async function lookThrough(
  way: Way,
  engine: DoorDeps["engine"],
  signal: AbortSignal,
): Promise<Omit<NodeLook, "at">> {
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
  try {
    return { ...(await engine.look(session, way, signal)), reachable: true, failedAt: null };
  } catch (error) {
    // It let us in and did not answer: a server that hangs is no server that is there.
    const answered = !(error instanceof SqlError) || error.kind === "permission";
    return { ...nothingSaid, reachable: answered, failedAt: `asking (${messageOf(error)})` };
  } finally {
    await session.close();
  }
}
