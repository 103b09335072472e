import { isServerless } from "../context/instance-class.ts";
import { topologyKind } from "../context/topology-kind.ts";
import type { TopologyKind } from "../contract/topology.ts";
import { selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/**
 * What it is, as far as AWS calls differ by it. Null where RDS has not described it (a database named by URL): a call
 * for the wrong kind is refused in the middle of the emergency, so none is shown then. An account is known of
 * everything that RDS has described.
 */
export function databaseKind({ evidence: { target, context } }: View): TopologyKind | null {
  if (target.flavour === "self-managed") return null;
  const kind = context?.topology?.kind ?? null;
  if (kind !== null || target.accountId === null) return kind;
  return topologyKind({
    aurora: target.flavour === "aurora",
    instanceClass: target.instanceClass,
    // A standby changes the outage and no call.
    multiAz: false,
    inCluster: target.clusterId !== null,
    inGlobalCluster: false,
    isReplica: target.clusterId === null && target.role === "reader",
  });
}

export function clusterIdOf({ evidence: { target, context } }: View): string | null {
  return context?.topology?.cluster?.id ?? target.clusterId;
}

/** The capacity of Serverless v2 is the cluster's; a cluster may have provisioned members beside it. */
export function runsServerless(view: View): boolean {
  return isServerless(selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass);
}

/** By the name that the RDS API has for it. */
export function apiEngine({ evidence: { target } }: View): string {
  if (target.flavour !== "aurora") return target.engine;
  return target.engine === "postgres" ? "aurora-postgresql" : "aurora-mysql";
}
