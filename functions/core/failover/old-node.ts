import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";

/** The old primary, also where people renamed it; null where another instance has its name, or RDS does not show it. */
export function oldNode(run: FailoverRun, topology: FailoverTopology): Node | null {
  if (hasItsName(run, topology)) return null;
  return nodeOf(topology, run.oldPrimary) ?? byResource(run, topology);
}

function byResource({ oldResource }: FailoverRun, { nodes }: FailoverTopology): Node | null {
  if (oldResource === null) return null;
  return nodes.find(({ resourceId }) => resourceId === oldResource) ?? null;
}

/** Another instance is there under the name of the old primary. */
export function hasItsName({ oldPrimary, oldResource }: FailoverRun, topology: FailoverTopology): boolean {
  const resource = nodeOf(topology, oldPrimary)?.resourceId ?? null;
  return oldResource !== null && resource !== null && resource !== oldResource;
}
