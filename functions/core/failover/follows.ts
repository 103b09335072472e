import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";

/** MySQL allows three levels. */
const maxLevels = 6;

/**
 * By the chain of its sources it is fed by that node. Behind a failover the other replicas go on following the old
 * primary: they have all of that one, and nothing of what was acknowledged since.
 */
export function follows(topology: FailoverTopology, node: Node, head: string | null): boolean {
  let source = node.replicaOf;
  for (let level = 0; level < maxLevels && source !== null; level += 1) {
    if (source === head) return true;
    source = nodeOf(topology, source)?.replicaOf ?? null;
  }
  return false;
}
