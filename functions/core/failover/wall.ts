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

/** What of a fence is seen on it; null: nothing. */
export function fenceOn(topology: FailoverTopology, node: Node): "WALLED" | "FENCED FROM INSIDE" | null {
  if (wallOf(topology, node) !== null && walled(topology, node)) return "WALLED";
  return (node.look?.traces ?? node.look?.fenced) === true ? "FENCED FROM INSIDE" : null;
}
