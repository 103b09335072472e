import { type FailoverTopology, isElsewhere, type Node } from "../contract/failover-topology.ts";

/** True also where there is none to raise: then the door alone has to prove it. */
export function walled(topology: FailoverTopology, node: Node): boolean {
  const group = wallOf(topology, node);
  return group === null || (node.securityGroups?.length === 1 && node.securityGroups[0] === group);
}

/** A security group is of one VPC: in another Region there is none of that name. */
export function wallOf({ quarantineGroup }: FailoverTopology, node: Node): string | null {
  return isElsewhere(node) ? null : quarantineGroup;
}
