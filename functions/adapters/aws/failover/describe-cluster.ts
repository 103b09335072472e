import { type DBCluster, DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { during } from "../attempt.ts";
import { readEvents } from "./failover-events.ts";
import { readMetrics } from "./failover-metrics.ts";
import { nodeOfInstance } from "./failover-nodes.ts";
import { arnsOf, groupOfCluster, lastOf, orNull, type Part } from "./failover-part.ts";
import type { ControlPlaneOptions } from "./failover-reach.ts";

/** A cluster of Aurora, or the two readable standbys of a Multi-AZ DB cluster. */
export async function describeClusterOf(
  cluster: DBCluster,
  options: ControlPlaneOptions,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const { reads, metrics } = options.at(options.region);
  const { DBClusterIdentifier: id = "", Status: status = null, Engine: engine } = cluster;
  const aurora = engine?.startsWith("aurora") ?? false;
  const now = options.clock.now();
  const command = new DescribeDBInstancesCommand({
    ...{ Filters: [{ Name: "db-cluster-id", Values: [id] }], MaxRecords: 100 },
  });
  const [{ DBInstances: instances = [] }, own, record] = await Promise.all([
    reads.send(command, during(signal)),
    orNull(readEvents(reads, { kind: "cluster", id }, now, signal)),
    options.records.read(groupOfCluster(cluster), signal),
  ]);
  const ids = instances.flatMap(({ DBInstanceIdentifier: name }) => name ?? []);
  const [measured, events] = await Promise.all([
    orNull(
      readMetrics(
        metrics,
        ids.map((name) => ({ id: name, aurora })),
        now,
        signal,
      ),
    ),
    Promise.all(ids.map((name) => orNull(readEvents(reads, { kind: "instance", id: name }, now, signal)))),
  ]);
  const nodes = instances.map((instance, at) => {
    const parts = { events: events[at] ?? null, metrics: measured?.get(ids[at] ?? "") ?? null };
    return nodeOfInstance(instance, cluster, options.region, parts);
  });
  const writer = cluster.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter);
  return {
    ...{ kind: aurora ? "aurora" : "multi-az-cluster", group: groupOfCluster(cluster), engine, nodes },
    ...{ clusterId: id, clusterStatus: status, globalId: cluster.GlobalClusterIdentifier || null },
    primary: writer?.DBInstanceIdentifier ?? null,
    // RDS says so by the cluster's status; an event that is late would hold a cluster that is available.
    failingOver: status === null ? null : moving.includes(status),
    ...{ arns: [cluster.DBClusterArn ?? "", ...arnsOf(nodes)], failedOverAt: lastOf([own]), record },
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html */
const moving = ["failing-over", "switching-over"];
