import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";

/** The old primary; null also where another instance has its name by now: the new primary may have been renamed so. */
export function oldNode(run: FailoverRun, topology: FailoverTopology): Node | null {
  return hasItsName(run, topology) ? null : nodeOf(topology, run.oldPrimary);
}

/** Another instance is there under the name of the old primary. */
export function hasItsName({ oldPrimary, oldResource }: FailoverRun, topology: FailoverTopology): boolean {
  const resource = nodeOf(topology, oldPrimary)?.resourceId ?? null;
  return oldResource !== null && resource !== null && resource !== oldResource;
}
