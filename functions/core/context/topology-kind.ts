import type { TopologyKind } from "../contract/topology.ts";
import { isServerless } from "./instance-class.ts";

export interface TopologyFacts {
  readonly aurora: boolean;
  readonly instanceClass: string | null;
  readonly multiAz: boolean;
  readonly inCluster: boolean;
  readonly inGlobalCluster: boolean;
  readonly isReplica: boolean;
}

/**
 * What a database is, as far as the ways to fail it over differ: a member of a global database before its class,
 * a replica before its own standby. A cluster that is not Aurora is a Multi-AZ DB cluster.
 */
export function topologyKind(facts: TopologyFacts): TopologyKind {
  if (facts.aurora) {
    if (facts.inGlobalCluster) return "aurora-global";
    return isServerless(facts.instanceClass) ? "aurora-serverless-v2" : "aurora-provisioned";
  }
  if (facts.inCluster) return "multi-az-cluster";
  if (facts.isReplica) return "read-replica";
  return facts.multiAz ? "multi-az-instance" : "rds-instance";
}
