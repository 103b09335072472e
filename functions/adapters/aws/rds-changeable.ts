import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { Changeable } from "../../core/change-ports.ts";
import { pendingOf } from "./rds-member.ts";
import { worstStatus } from "./worst-status.ts";

type Has = Readonly<Record<string, string | number | boolean | undefined>>;

export function changeableInstance(instance: DBInstance): Changeable {
  const { DBInstanceClass, AllocatedStorage, Iops, StorageThroughput, StorageType, MaxAllocatedStorage } =
    instance;
  return {
    kind: "instance",
    id: instance.DBInstanceIdentifier ?? "",
    resourceId: instance.DbiResourceId ?? null,
    clusterId: instance.DBClusterIdentifier || null,
    status: instance.DBInstanceStatus ?? null,
    engine: instance.Engine ?? null,
    engineVersion: instance.EngineVersion ?? null,
    zones: [instance.AvailabilityZone, instance.SecondaryAvailabilityZone].flatMap((zone) => zone || []),
    multiAz: instance.MultiAZ ?? null,
    has: present({
      DBInstanceClass,
      AllocatedStorage,
      Iops,
      StorageThroughput,
      StorageType,
      MaxAllocatedStorage,
    }),
    pending: pendingOf(instance.PendingModifiedValues),
    storageOperation: operationOf(instance.StorageOperationStatus, instance.StorageOperationPercentProgress),
    members: [],
    parameterGroups: (instance.DBParameterGroups ?? []).flatMap(
      ({ DBParameterGroupName, ParameterApplyStatus }) =>
        DBParameterGroupName ? [{ name: DBParameterGroupName, status: ParameterApplyStatus ?? null }] : [],
    ),
  };
}

export function changeableCluster(cluster: DBCluster): Changeable {
  const { DBClusterInstanceClass, AllocatedStorage, Iops, StorageThroughput, StorageType } = cluster;
  const members = cluster.DBClusterMembers ?? [];
  const status = worstStatus(members.map((member) => member.DBClusterParameterGroupStatus ?? null));
  const { MinCapacity, MaxCapacity, SecondsUntilAutoPause } = cluster.ServerlessV2ScalingConfiguration ?? {};
  return {
    kind: "cluster",
    id: cluster.DBClusterIdentifier ?? "",
    resourceId: cluster.DbClusterResourceId ?? null,
    clusterId: null,
    status: cluster.Status ?? null,
    engine: cluster.Engine ?? null,
    engineVersion: cluster.EngineVersion ?? null,
    zones: cluster.AvailabilityZones ?? [],
    multiAz: cluster.MultiAZ ?? null,
    has: present({
      ...{ DBClusterInstanceClass, AllocatedStorage, Iops, StorageThroughput, StorageType },
      ...{ MinCapacity, MaxCapacity, SecondsUntilAutoPause },
    }),
    pending: pendingOf(cluster.PendingModifiedValues),
    storageOperation: null,
    members: members.flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
    parameterGroups: cluster.DBClusterParameterGroup
      ? [{ name: cluster.DBClusterParameterGroup, status }]
      : [],
  };
}

function present(values: Has): Changeable["has"] {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** "None" and "Completed" are no operation. */
function operationOf(
  status: string | undefined,
  percent: number | undefined,
): Changeable["storageOperation"] {
  if (status === undefined || /^(|none|completed?)$/i.test(status)) return null;
  return { status, percent: percent ?? null };
}
