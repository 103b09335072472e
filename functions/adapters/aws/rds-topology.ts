import type { DBCluster, DBInstance, GlobalCluster, RDSClient } from "@aws-sdk/client-rds";
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
} from "@aws-sdk/client-rds";
import { topologyKind } from "../../core/context/topology-kind.ts";
import type { Sight, TopologySource } from "../../core/context-ports.ts";
import type { Missing } from "../../core/contract/evidence.ts";
import type { Target } from "../../core/contract/target.ts";
import type { Topology } from "../../core/contract/topology.ts";
import { attempt, during } from "./attempt.ts";
import { clusterOf, globalOf } from "./rds-cluster.ts";
import { readMaintenance } from "./rds-maintenance.ts";
import { memberElsewhere, memberOf, sourceOf } from "./rds-member.ts";
import { identifierOf, parseArn } from "./rds-names.ts";
import { readParameters } from "./rds-parameters.ts";
import { isSupported } from "./rds-target.ts";

interface Reach {
  readonly client: RDSClient;
  readonly signal: AbortSignal | undefined;
}

/** Replicas of replicas: MySQL allows three levels. */
const maxRounds = 3;
const maxMembers = 20;

/**
 * The group of a database (SPEC M2). Neptune and DocumentDB answer to the same calls; they are no target of ours,
 * and a neighbour of theirs is left out. Only a failed first call costs the whole topology.
 */
export function createRdsTopology({ client }: { readonly client: RDSClient }): TopologySource {
  return { read: (target, signal) => readTopology(target, { client, signal }) };
}

async function readTopology(target: Target, reach: Reach): Promise<Sight<Topology | null>> {
  const [cluster, family, maintenance] = await Promise.all([
    target.clusterId === null ? null : readCluster(reach, target.clusterId),
    readFamily(reach, target),
    readMaintenance(reach, target),
  ]);
  const instances = (family.value ?? []).filter(isSupported);
  const [global, parameters] = await Promise.all([
    readGlobal(reach, cluster?.value?.GlobalClusterIdentifier),
    readParameters(reach, instances),
  ]);
  const missing = [cluster, family, maintenance, global, parameters].flatMap((part) => part?.missing ?? []);
  const self = instances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === target.name);
  if (self === undefined) return { value: null, missing: [...missing, ...notFound(target, family.value)] };
  const others = instances.filter((instance) => instance !== self);
  return {
    value: {
      kind: kindOf(self, cluster?.value ?? null, global.value),
      members: [
        ...[self, ...others].map((instance) => memberOf(instance, cluster?.value ?? null)),
        ...elsewhere([self, ...others]),
      ].slice(0, maxMembers),
      cluster: cluster?.value ? clusterOf(cluster.value) : null,
      global: global.value ? globalOf(global.value) : null,
      maintenance: maintenance.value,
      ...(parameters === null ? {} : { parameters: parameters.value }),
    },
    missing,
  };
}

function notFound({ name }: Target, instances: readonly DBInstance[] | null): Missing[] {
  // When the call itself failed, that is said already.
  if (instances === null) return [];
  return [
    {
      what: "topology",
      reason: `RDS describes no MySQL, MariaDB or PostgreSQL database ${name}`,
      howToSee: null,
    },
  ];
}

function readCluster({ client, signal }: Reach, id: string): Promise<Sight<DBCluster | null>> {
  return attempt({ what: "cluster of the database", action: "rds:DescribeDBClusters" }, async () => {
    const answer = await client.send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: id }),
      during(signal),
    );
    return answer.DBClusters?.[0] ?? null;
  });
}

/** Members of the cluster by one call; of a primary with replicas by one call a level. */
function readFamily(reach: Reach, { name, clusterId }: Target): Promise<Sight<readonly DBInstance[] | null>> {
  return attempt({ what: "topology", action: "rds:DescribeDBInstances" }, async () => {
    if (clusterId !== null) return instancesBy(reach, "db-cluster-id", [clusterId]);
    const found = new Map<string, DBInstance>();
    let wanted: readonly string[] = [name];
    for (let round = 0; round <= maxRounds && wanted.length > 0; round += 1) {
      for (const instance of await instancesBy(reach, "db-instance-id", wanted)) {
        found.set(instance.DBInstanceIdentifier ?? "", instance);
      }
      wanted = [...found.values()].flatMap(relatives).filter((id) => !found.has(id) && !wanted.includes(id));
      if (found.size >= maxMembers) break;
    }
    return [...found.values()];
  });
}

async function instancesBy({ client, signal }: Reach, filter: string, values: readonly string[]) {
  const answer = await client.send(
    new DescribeDBInstancesCommand({ Filters: [{ Name: filter, Values: [...values] }], MaxRecords: 100 }),
    during(signal),
  );
  return answer.DBInstances ?? [];
}

/** Source and replicas in this Region: those in another one are named by ARN, and RDS here knows nothing of them. */
function relatives(instance: DBInstance): readonly string[] {
  const source = instance.ReadReplicaSourceDBInstanceIdentifier;
  return [...(source ? [source] : []), ...(instance.ReadReplicaDBInstanceIdentifiers ?? [])]
    .filter((name) => !isElsewhere(name, instance))
    .map(identifierOf);
}

function isElsewhere(name: string, instance: DBInstance): boolean {
  const there = parseArn(name);
  const here = parseArn(instance.DBInstanceArn ?? "");
  return there !== null && (there.region !== here?.region || there.accountId !== here.accountId);
}

function elsewhere(instances: readonly DBInstance[]) {
  return instances.flatMap((instance) => {
    const source = sourceOf(instance);
    return [
      ...(source !== null && isElsewhere(source, instance) ? [memberElsewhere(source, "unknown", null)] : []),
      ...(instance.ReadReplicaDBInstanceIdentifiers ?? [])
        .filter((name) => isElsewhere(name, instance))
        .map((name) => memberElsewhere(name, "replica", instance.DBInstanceIdentifier ?? null)),
    ];
  });
}

function kindOf(self: DBInstance, cluster: DBCluster | null, global: GlobalCluster | null) {
  return topologyKind({
    aurora: self.Engine?.startsWith("aurora") ?? false,
    instanceClass: self.DBInstanceClass ?? null,
    multiAz: self.MultiAZ ?? false,
    inCluster: Boolean(self.DBClusterIdentifier),
    // The cluster names it even where the global database itself may not be described.
    inGlobalCluster: global !== null || Boolean(cluster?.GlobalClusterIdentifier),
    isReplica: sourceOf(self) !== null,
  });
}

async function readGlobal(
  { client, signal }: Reach,
  id: string | undefined,
): Promise<Sight<GlobalCluster | null>> {
  if (!id) return { value: null, missing: [] };
  return attempt({ what: "global database", action: "rds:DescribeGlobalClusters" }, async () => {
    const command = new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: id });
    return (await client.send(command, during(signal))).GlobalClusters?.[0] ?? null;
  });
}
