import type { NodeFenceOrder, NodeFenceOutcome } from "../../contract/failover-node.ts";
import { AwsError, messageOf, SqlError } from "../../errors.ts";
import { orderTimes } from "../order-times.ts";
import { type DoorDeps, signIn, wayOf, within } from "./node-way.ts";

/** Fences a node or opens it, as the acting user. What a database can do to it is an outcome; twice is as once. */
export async function fenceNode(
  order: NodeFenceOrder,
  deps: DoorDeps,
  signal?: AbortSignal,
): Promise<NodeFenceOutcome> {
  const outcome = await carriedOut(order, deps, within(timeFor(order, deps), signal));
  const { run, target, turn } = order;
  deps.log.info("failover.fenced", { run, node: target.name, turn, is: outcome.is, says: outcome.says });
  return outcome;
}

async function carriedOut(
  order: NodeFenceOrder,
  deps: DoorDeps,
  signal: AbortSignal,
): Promise<NodeFenceOutcome> {
  const way = wayOf(order, deps);
  if (isLate(order, deps)) return late(order);
  const result = await signIn(way, "act", signal);
  if (result.kind === "not-connected") {
    const { detail, failedStep } = result.connection;
    const says = `${order.target.name} could not be reached (${detail ?? failedStep ?? "no reason given"})`;
    return { is: "refused", says };
  }
  const { session } = result;
  try {
    // Connecting takes time too, and a queue before it more.
    if (isLate(order, deps)) return late(order);
    await deps.admitted?.();
    await deps.engine[order.turn](session, way, signal);
    return { is: "done", says: null };
  } catch (error) {
    const refused =
      (error instanceof SqlError && error.kind === "permission") ||
      (error instanceof AwsError && error.refused);
    const is = refused ? "refused" : "unknown";
    return { is, says: messageOf(error) };
  } finally {
    await session.close();
  }
}

/** Under the function's own time limit, so that what became of it is still handed back; a late order has none. */
function timeFor({ expiresAt }: NodeFenceOrder, { clock }: DoorDeps): number {
  const left = Date.parse(expiresAt) + orderTimes.worksMs - clock.now();
  return Math.min(Math.max(0, left || 0), orderTimes.goodForMs + orderTimes.worksMs);
}

function isLate({ expiresAt }: NodeFenceOrder, { clock }: DoorDeps): boolean {
  return !(clock.now() <= Date.parse(expiresAt));
}

function late({ expiresAt }: NodeFenceOrder): NodeFenceOutcome {
  return { is: "refused", says: `the order was good until ${expiresAt}` };
}
