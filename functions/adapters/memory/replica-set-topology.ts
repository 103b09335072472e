import type { FailoverTopology, Node } from "../../core/contract/failover-topology.ts";
import type { Scope } from "../../core/failover/ports.ts";
import type { FailoverWorld } from "./failover-world.ts";
import { quarantine, type Server } from "./replica-set.ts";

/** A sample of CloudWatch tells of a minute ago. */
const sampleMs = 60_000;

/** The set as RDS would describe it; what a test wants otherwise stands in the world's `topology` and `nodes`. */
export function describeSet(world: FailoverWorld, scope: Scope = "all"): FailoverTopology {
  const whole = describeAll(world);
  if (scope === "all") return whole;
  const unasked = { lag: null, activity: null, freeStoragePercent: null, restartedAt: null };
  const nodes = whole.nodes.map((node) => ({ ...node, ...unasked }));
  return { ...whole, nodes, blueGreen: null, failingOver: null, lastFailoverAt: null };
}

function describeAll(world: FailoverWorld): FailoverTopology {
  const { set, topology, lastRun, lastCallBy: by = null } = world;
  const at = world.failedOverAt === null ? null : new Date(world.failedOverAt).toISOString();
  return {
    ...{ kind: "primary-replica", engine: "postgres", group: "orders-db", clusterId: null },
    ...{
      clusterStatus: null,
      globalId: null,
      primary: world.promoted[0] ?? set.primary,
      quarantineGroup: quarantine,
    },
    ...{ blueGreen: false, failingOver: false },
    names: [{ kind: "route53", zoneId: "Z1", record: "orders.internal" }],
    nodes: [...set.servers.values()].map((server) => ({
      ...nodeOf(server, world.now()),
      ...world.nodes[server.id],
    })),
    ...(at === null ? {} : { lastFailoverAt: at, lastCall: { at, by } }),
    ...(lastRun === undefined ? {} : { lastRun }),
    ...topology,
  };
}

function nodeOf(server: Server, now: number): Node {
  const { id, replicaOf, status, groups, restartedAt } = server;
  return {
    ...{
      id,
      arn: null,
      region: "eu-west-1",
      role: replicaOf === null ? "writer" : "replica",
      replicaOf,
      status,
    },
    ...{ instanceClass: "db.r7g.large", engineVersion: "17.2", parameterGroup: "orders-17" },
    ...{ parameterStatus: "in-sync", zone: null, tier: null, multiAz: false, pending: [] },
    ...{ backupRetentionDays: 7, freeStoragePercent: 60, look: null },
    lag: replicaOf === null || now - server.lastMessageAt > 5000 ? null : { seconds: 1, ageSeconds: 60 },
    replication: replicaOf === null ? null : { status: "replicating", normal: true },
    securityGroups: [...groups],
    activity: { busy: now - server.lastWriteAt < sampleMs, ageSeconds: 30 },
    restartedAt: restartedAt === null ? null : new Date(restartedAt).toISOString(),
  };
}
