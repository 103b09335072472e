import type { DBCluster, DBInstance, Tag } from "@aws-sdk/client-rds";
import { type Engine, type Target, targetSchema } from "../../core/contract/target.ts";
import { identifierOf, parseArn } from "./rds-names.ts";

/** Engine names of the RDS API that we know, with what they speak. Everything else is somebody else's database. */
const engines: ReadonlyMap<string, { readonly engine: Engine; readonly aurora: boolean }> = new Map([
  ["postgres", { engine: "postgres", aurora: false }],
  ["mysql", { engine: "mysql", aurora: false }],
  ["mariadb", { engine: "mariadb", aurora: false }],
  ["aurora-postgresql", { engine: "postgres", aurora: true }],
  ["aurora-mysql", { engine: "mysql", aurora: true }],
]);

export function isSupported({ Engine }: Pick<DBInstance | DBCluster, "Engine">): boolean {
  return engines.has(Engine ?? "");
}

/** One instance as a target. `cluster` is null for an instance that is in none, or whose cluster has just gone. */
export function targetOf(instance: DBInstance, cluster: DBCluster | null, group: string): Target {
  const { engine, aurora } = engines.get(instance.Engine ?? "") ?? {};
  const arn = parseArn(instance.DBInstanceArn ?? "");
  return targetSchema.parse({
    schema: "target.v1",
    name: instance.DBInstanceIdentifier,
    group,
    engine,
    flavour: aurora ? "aurora" : "rds",
    engineVersion: instance.EngineVersion ?? null,
    ...addressOf(instance, cluster, engine),
    database: instance.DBName ?? cluster?.DatabaseName ?? null,
    role: roleOf(instance, cluster),
    clusterId: instance.DBClusterIdentifier ? identifierOf(instance.DBClusterIdentifier) : null,
    // IAM sign-in to Aurora names the cluster: the policy's ARN ends in cluster-…/user.
    resourceId: (aurora ? cluster?.DbClusterResourceId : instance.DbiResourceId) ?? null,
    instanceClass: instance.DBInstanceClass ?? null,
    accountId: arn?.accountId ?? null,
    region: arn?.region ?? null,
    tags: { ...tagsOf(cluster?.TagList), ...tagsOf(instance.TagList) },
  });
}

/** The instance's own endpoint: a cluster's moves to another instance at a failover. Empty while it is created. */
function addressOf(instance: DBInstance, cluster: DBCluster | null, engine: Engine | undefined) {
  return {
    host: instance.Endpoint?.Address ?? "",
    port: instance.Endpoint?.Port || cluster?.Port || (engine === "postgres" ? 5432 : 3306),
  };
}

function roleOf(instance: DBInstance, cluster: DBCluster | null): Target["role"] {
  if (!instance.DBClusterIdentifier) {
    const { ReadReplicaSourceDBInstanceIdentifier, ReadReplicaSourceDBClusterIdentifier } = instance;
    return ReadReplicaSourceDBInstanceIdentifier || ReadReplicaSourceDBClusterIdentifier
      ? "reader"
      : "writer";
  }
  const members = cluster?.DBClusterMembers ?? [];
  const own = members.find((member) => member.DBInstanceIdentifier === instance.DBInstanceIdentifier);
  // With no writer among the members a failover is under way, and nobody is known to be a reader for long.
  if (!own || !members.some((member) => member.IsClusterWriter)) return "unknown";
  return own.IsClusterWriter ? "writer" : "reader";
}

function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? ""]] : [])));
}
