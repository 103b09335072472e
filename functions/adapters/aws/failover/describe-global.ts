import type { DBCluster, GlobalCluster } from "@aws-sdk/client-rds";
import type { Node } from "../../../core/contract/failover-topology.ts";
import { describeCluster } from "../rds-describe.ts";
import { pendingOf } from "../rds-member.ts";
import { parseArn } from "../rds-names.ts";
import { readEvents } from "./failover-events.ts";
import { lastOf, orNull, type Part } from "./failover-part.ts";
import { type ControlPlaneOptions, placeOf } from "./failover-reach.ts";

/**
 * Each cluster of a global database stands for a node, named by its ARN. One of a Region that does not answer is there
 * all the same, with nothing known of it: that is what such a failover is for.
 */
export async function describeGlobalOf(
  global: GlobalCluster,
  options: ControlPlaneOptions,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const {
    GlobalClusterIdentifier: globalId = "",
    GlobalClusterMembers: members = [],
    Engine: engine,
  } = global;
  const now = options.clock.now();
  const writer = members.find(({ IsWriter }) => IsWriter)?.DBClusterArn ?? null;
  const account = parseArn(global.GlobalClusterArn ?? "")?.accountId ?? parseArn(writer ?? "")?.accountId;
  const group = `${account ?? "unknown"}/global/${globalId}`;
  const record = await options.records.read(group, signal);
  const seen = await Promise.all(
    members.flatMap(({ DBClusterArn: arn }) =>
      arn === undefined ? [] : [clusterAt(arn, options, now, signal)],
    ),
  );
  const status = global.FailoverState?.Status ?? global.Status ?? null;
  return {
    ...{ kind: "global", group, engine, clusterId: null, globalId, primary: writer, record },
    nodes: seen.map(({ arn, cluster }) => nodeOfCluster(arn, cluster, writer)),
    clusterStatus: status,
    failingOver: status === null ? null : status !== "available",
    arns: seen.map(({ arn }) => arn),
    failedOverAt: lastOf(seen.map(({ events }) => events)),
  };
}

async function clusterAt(
  arn: string,
  options: ControlPlaneOptions,
  now: number,
  signal: AbortSignal | undefined,
) {
  const { reads, id } = placeOf(arn, options);
  const [cluster, events] = await Promise.all([
    orNull(describeCluster({ client: reads, signal }, { id })),
    orNull(readEvents(reads, { kind: "cluster", id }, now, signal)),
  ]);
  return { arn, cluster, events };
}

function nodeOfCluster(arn: string, cluster: DBCluster | null, writer: string | null): Node {
  const own = arn === writer;
  return {
    ...{ id: arn, arn, region: parseArn(arn)?.region ?? null, instanceClass: null, tier: null, zone: null },
    role: writer === null ? "unknown" : own ? "writer" : "replica",
    ...{
      engineVersion: cluster?.EngineVersion ?? null,
      parameterGroup: cluster?.DBClusterParameterGroup ?? null,
    },
    ...{ parameterStatus: null, status: cluster?.Status ?? null, multiAz: cluster?.MultiAZ ?? null },
    ...{ replicaOf: own ? null : writer, replication: null, lag: null, activity: null, look: null },
    pending: cluster === null ? null : pendingOf(cluster.PendingModifiedValues).map(({ name }) => name),
    ...{ backupRetentionDays: cluster?.BackupRetentionPeriod ?? null, freeStoragePercent: null },
    ...{ securityGroups: null, restartedAt: null },
  };
}
