import { type AwsCall, errorAnswer } from "../api/aws-call.ts";
import type { Cluster, Database } from "../world/database.ts";
import { swapWriter } from "../world/handover.ts";
import { restart } from "../world/parameters.ts";
import type { World } from "../world/world.ts";
import { answerWithCluster, identifierOf, parameter, type RdsCall, type RdsHandler } from "./rds-call.ts";

export const failoverDBCluster: RdsHandler = async (rds) => {
  const { world, call, neverFinishes } = rds;
  const cluster = namedCluster(rds);
  if (cluster === null) return world.moto.pass(call);
  if (cluster.status !== null) return invalidCluster(call, cluster, `is ${cluster.status}`);
  const target = targetOf(rds, cluster);
  if (target === null) return invalidCluster(call, cluster, "has no reader that could take over");
  world.begin({
    operation: call.operation,
    databases: [],
    cluster,
    status: "failing-over",
    takesMs: world.delays.failoverMs,
    neverFinishes,
    told: {
      category: "failover",
      begun: `Started cross AZ failover to DB instance: ${target.id}`,
      done: `Completed failover to DB instance: ${target.id}`,
    },
    work: async () => {
      await swapWriter(world, cluster, target);
      await world.moto.must("rds", "FailoverDBCluster", {
        ...{ DBClusterIdentifier: cluster.id, TargetDBInstanceIdentifier: target.id },
      });
    },
  });
  return answerWithCluster(rds, cluster);
};

export const rebootDBCluster: RdsHandler = async (rds) => {
  const { world, call, neverFinishes } = rds;
  const cluster = namedCluster(rds);
  if (cluster === null) return world.moto.pass(call);
  if (cluster.status !== null) return invalidCluster(call, cluster, `is ${cluster.status}`);
  const databases = membersOf(world, cluster);
  world.begin({
    ...{ operation: call.operation, databases, cluster, status: "rebooting", neverFinishes },
    takesMs: world.delays.rebootMs,
    told: { category: "availability", done: "DB instance restarted" },
    work: async () => {
      for (const database of databases) await restart(world, database);
    },
  });
  return answerWithCluster(rds, cluster);
};

function namedCluster(rds: RdsCall): Cluster | null {
  return rds.world.clusters.get(identifierOf(parameter(rds, "DBClusterIdentifier") ?? "")) ?? null;
}

function membersOf({ databases }: World, { id }: Cluster): Database[] {
  return [...databases.values()].filter(({ clusterId }) => clusterId === id);
}

/** The one that is named, otherwise the first that is well. */
function targetOf(rds: RdsCall, cluster: Cluster): Database | null {
  const named = parameter(rds, "TargetDBInstanceIdentifier");
  const readers = membersOf(rds.world, cluster).filter(
    (member) => member !== cluster.writer && member.status === null && member.node.pid() !== null,
  );
  return readers.find(({ id }) => named === null || id === identifierOf(named)) ?? null;
}

function invalidCluster(call: AwsCall, { id }: Cluster, why: string) {
  return errorAnswer(call, 400, "InvalidDBClusterStateFault", `DB cluster ${id} ${why}`);
}
