import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";

/**
 * Whether the chain of its sources leads to the primary, by the names that RDS has: what another one writes says nothing
 * of what it has of the primary. A source that is not shown leads nowhere.
 */
export function follows(
  topology: Pick<FailoverTopology, "nodes">,
  { replicaOf }: Node,
  primary: string | null,
): boolean {
  let source = replicaOf;
  for (let level = 0; level <= topology.nodes.length && source !== null; level += 1) {
    if (source === primary) return true;
    source = nodeOf(topology, source)?.replicaOf ?? null;
  }
  return false;
}
