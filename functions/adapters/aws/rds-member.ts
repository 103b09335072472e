import type {
  ClusterPendingModifiedValues,
  DBCluster,
  DBInstance,
  PendingModifiedValues,
} from "@aws-sdk/client-rds";
import { vcpusOf } from "../../core/context/instance-class.ts";
import type { Member } from "../../core/contract/topology.ts";
import { isoOf } from "./attempt.ts";
import { identifierOf } from "./rds-names.ts";

export function memberOf(instance: DBInstance, cluster: DBCluster | null): Member {
  const own = cluster?.DBClusterMembers?.find(
    ({ DBInstanceIdentifier }) => DBInstanceIdentifier === instance.DBInstanceIdentifier,
  );
  return {
    ...identityOf(instance),
    role: roleOf(instance, cluster),
    here: true,
    ...placeOf(instance),
    promotionTier: own?.PromotionTier ?? instance.PromotionTier ?? null,
    replicaOf: sourceOf(instance),
    replication: replicationOf(instance),
    storage: storageOf(instance),
    network: networkOf(instance),
    pending: pendingOf(instance.PendingModifiedValues),
    parameterGroups: (instance.DBParameterGroups ?? []).flatMap((group) =>
      group.DBParameterGroupName
        ? [{ name: group.DBParameterGroupName, status: group.ParameterApplyStatus ?? null }]
        : [],
    ),
    createdAt: isoOf(instance.InstanceCreateTime),
    clusterParameterStatus: own?.DBClusterParameterGroupStatus ?? null,
    ...careOf(instance),
  };
}

function identityOf(instance: DBInstance) {
  return {
    id: instance.DBInstanceIdentifier ?? "",
    arn: instance.DBInstanceArn ?? null,
    resourceId: instance.DbiResourceId ?? null,
    status: instance.DBInstanceStatus ?? null,
    instanceClass: instance.DBInstanceClass ?? null,
    vcpus: vcpusOf(instance.DBInstanceClass ?? null),
    engineVersion: instance.EngineVersion ?? null,
  };
}

function placeOf(instance: DBInstance) {
  return {
    zone: instance.AvailabilityZone ?? null,
    standbyZone: instance.SecondaryAvailabilityZone ?? null,
    multiAz: instance.MultiAZ ?? null,
  };
}

/** How it is watched, backed up and protected. */
function careOf(instance: DBInstance) {
  return {
    iamAuthentication: instance.IAMDatabaseAuthenticationEnabled ?? null,
    performanceInsights: {
      enabled: instance.PerformanceInsightsEnabled ?? null,
      retentionDays: instance.PerformanceInsightsRetentionPeriod ?? null,
      mode: instance.DatabaseInsightsMode ?? null,
    },
    monitoringSeconds: instance.MonitoringInterval ?? null,
    backupRetentionDays: instance.BackupRetentionPeriod ?? null,
    latestRestorableAt: isoOf(instance.LatestRestorableTime),
    deletionProtection: instance.DeletionProtection ?? null,
    lifecycleSupport: instance.EngineLifecycleSupport ?? null,
    certificate: {
      authority: instance.CertificateDetails?.CAIdentifier ?? instance.CACertificateIdentifier ?? null,
      validTill: isoOf(instance.CertificateDetails?.ValidTill),
    },
  };
}

/** A source or replica in another Region or account, of which only the ARN is known. */
export function memberElsewhere(arn: string, role: Member["role"], replicaOf: string | null): Member {
  return {
    ...memberOf({ DBInstanceIdentifier: identifierOf(arn), DBInstanceArn: arn }, null),
    role,
    here: false,
    replicaOf,
  };
}

export function sourceOf(instance: DBInstance): string | null {
  return (
    instance.ReadReplicaSourceDBInstanceIdentifier || instance.ReadReplicaSourceDBClusterIdentifier || null
  );
}

function replicationOf({ StatusInfos }: DBInstance): Member["replication"] {
  const info = (StatusInfos ?? []).find(({ StatusType }) => StatusType === "read replication");
  if (info === undefined) return null;
  return { status: info.Status ?? null, normal: info.Normal ?? null, message: info.Message ?? null };
}

function storageOf(instance: DBInstance): Member["storage"] {
  if (instance.Engine?.startsWith("aurora") || instance.AllocatedStorage === undefined) return null;
  return {
    type: instance.StorageType ?? null,
    allocatedGib: instance.AllocatedStorage,
    limitGib: instance.MaxAllocatedStorage ?? null,
    iops: instance.Iops ?? null,
    throughputMibps: instance.StorageThroughput ?? null,
    operation: instance.StorageOperationStatus ?? null,
    operationPercent: instance.StorageOperationPercentProgress ?? null,
  };
}

function networkOf({ VpcSecurityGroups, DBSubnetGroup, PubliclyAccessible }: DBInstance) {
  return {
    securityGroupIds: (VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    subnetGroup: DBSubnetGroup?.DBSubnetGroupName ?? null,
    isPublic: PubliclyAccessible ?? null,
  };
}

const maxValue = 120;

/** What waits for the maintenance window or for the next immediate change. A password is there in any form: left out. */
export function pendingOf(
  values: PendingModifiedValues | ClusterPendingModifiedValues | undefined,
): Member["pending"] {
  return Object.entries(values ?? {})
    .filter(([, value]) => value !== undefined && value !== null && !isEmpty(value))
    .map(([name, value]) => ({ name, value: /password|secret/i.test(name) ? null : textOf(value) }));
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !(value instanceof Date) && Object.keys(value).length === 0
  );
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.slice(0, maxValue);
}

/** With no writer among the members a failover is under way, and nobody is known to be a reader for long. */
function roleOf(instance: DBInstance, cluster: DBCluster | null): Member["role"] {
  if (!instance.DBClusterIdentifier) return sourceOf(instance) === null ? "writer" : "replica";
  const members = cluster?.DBClusterMembers ?? [];
  const own = members.find(
    ({ DBInstanceIdentifier }) => DBInstanceIdentifier === instance.DBInstanceIdentifier,
  );
  if (own === undefined || !members.some(({ IsClusterWriter }) => IsClusterWriter)) return "unknown";
  return own.IsClusterWriter ? "writer" : "reader";
}
