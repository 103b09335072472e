import type { DBCluster, DBInstance, Tag } from "@aws-sdk/client-rds";
import type { Changeable, MadeDatabase } from "../../core/change-ports.ts";
import { isoOf } from "./attempt.ts";
import { describeCluster, describeInstance, type Lookup } from "./rds-describe.ts";
import { sourceOf } from "./rds-member.ts";

/** By its name; null: there is none. */
export async function madeDatabase(
  lookup: Lookup,
  { kind, id }: Pick<Changeable, "kind" | "id">,
): Promise<MadeDatabase | null> {
  if (kind === "cluster") {
    const cluster = await describeCluster(lookup, { id });
    return cluster && madeCluster(cluster);
  }
  const instance = await describeInstance(lookup, { id });
  if (instance === null) return null;
  const clusterId = instance.DBClusterIdentifier || null;
  const cluster = clusterId === null ? null : await describeCluster(lookup, { id: clusterId });
  return madeInstance(instance, cluster);
}

function madeInstance(instance: DBInstance, cluster: DBCluster | null): MadeDatabase {
  const own = cluster?.DBClusterMembers?.find(
    ({ DBInstanceIdentifier }) => DBInstanceIdentifier === instance.DBInstanceIdentifier,
  );
  return {
    id: instance.DBInstanceIdentifier ?? "",
    resourceId: instance.DbiResourceId ?? null,
    status: instance.DBInstanceStatus ?? null,
    clusterId: instance.DBClusterIdentifier || null,
    sourceId: sourceOf(instance),
    isWriter: own?.IsClusterWriter ?? null,
    instanceClass: instance.DBInstanceClass ?? null,
    isProtected: instance.DeletionProtection ?? null,
    createdAt: isoOf(instance.InstanceCreateTime),
    restorable: { from: null, to: isoOf(instance.LatestRestorableTime) },
    tags: tagsOf(instance.TagList),
  };
}

function madeCluster(cluster: DBCluster): MadeDatabase {
  return {
    id: cluster.DBClusterIdentifier ?? "",
    resourceId: cluster.DbClusterResourceId ?? null,
    status: cluster.Status ?? null,
    ...{ clusterId: null, sourceId: null, isWriter: null },
    instanceClass: cluster.DBClusterInstanceClass ?? null,
    isProtected: cluster.DeletionProtection ?? null,
    createdAt: isoOf(cluster.ClusterCreateTime),
    restorable: { from: isoOf(cluster.EarliestRestorableTime), to: isoOf(cluster.LatestRestorableTime) },
    tags: tagsOf(cluster.TagList),
  };
}

function tagsOf(tags: readonly Tag[] | undefined): MadeDatabase["tags"] {
  return Object.fromEntries((tags ?? []).flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? ""]] : [])));
}
