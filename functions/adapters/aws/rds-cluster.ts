import type { DBCluster, GlobalCluster } from "@aws-sdk/client-rds";
import type { Topology } from "../../core/contract/topology.ts";
import { isoOf } from "./attempt.ts";
import { pendingOf } from "./rds-member.ts";

export function clusterOf(cluster: DBCluster): NonNullable<Topology["cluster"]> {
  const { MinCapacity, MaxCapacity, SecondsUntilAutoPause } = cluster.ServerlessV2ScalingConfiguration ?? {};
  return {
    id: cluster.DBClusterIdentifier ?? "",
    status: cluster.Status ?? null,
    engineVersion: cluster.EngineVersion ?? null,
    endpoint: cluster.Endpoint ?? null,
    readerEndpoint: cluster.ReaderEndpoint ?? null,
    multiAz: cluster.MultiAZ ?? null,
    parameterGroup: cluster.DBClusterParameterGroup ?? null,
    pending: pendingOf(cluster.PendingModifiedValues),
    serverless:
      MaxCapacity === undefined
        ? null
        : {
            minAcu: MinCapacity ?? null,
            maxAcu: MaxCapacity,
            autoPauseSeconds: SecondsUntilAutoPause ?? null,
          },
    replicaOf: cluster.ReplicationSourceIdentifier || null,
    backupRetentionDays: cluster.BackupRetentionPeriod ?? null,
    earliestRestorableAt: isoOf(cluster.EarliestRestorableTime),
    latestRestorableAt: isoOf(cluster.LatestRestorableTime),
    iamAuthentication: cluster.IAMDatabaseAuthenticationEnabled ?? null,
    deletionProtection: cluster.DeletionProtection ?? null,
  };
}

export function globalOf(global: GlobalCluster): NonNullable<Topology["global"]> {
  return {
    id: global.GlobalClusterIdentifier ?? "",
    status: global.Status ?? null,
    failover: global.FailoverState?.Status ?? null,
    clusters: (global.GlobalClusterMembers ?? []).flatMap(
      ({ DBClusterArn, IsWriter, SynchronizationStatus }) =>
        DBClusterArn
          ? [
              {
                arn: DBClusterArn,
                isWriter: IsWriter ?? false,
                synchronization: SynchronizationStatus ?? null,
              },
            ]
          : [],
    ),
  };
}
