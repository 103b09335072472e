import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { Node } from "../../../core/contract/failover-topology.ts";
import type { Member } from "../../../core/contract/topology.ts";
import { memberOf, pendingOf } from "../rds-member.ts";
import { parseArn } from "../rds-names.ts";
import type { NodeEvents } from "./failover-events.ts";
import type { NodeMetrics } from "./failover-metrics.ts";
import { localName } from "./failover-reach.ts";

const gib = 1024 ** 3;

/** An instance as a node; `region` is that of the responder, in which identifiers need no ARN. */
export function nodeOfInstance(
  instance: DBInstance,
  cluster: DBCluster | null,
  region: string,
  { events, metrics }: { readonly events: NodeEvents | null; readonly metrics: NodeMetrics | null },
): Node {
  const member = memberOf(instance, cluster);
  const own = parseArn(instance.DBInstanceArn ?? "")?.region ?? region;
  return {
    id: own === region ? member.id : (instance.DBInstanceArn ?? member.id),
    resourceId: instance.DbiResourceId ?? null,
    ...{ arn: member.arn, region: own, role: member.role, instanceClass: member.instanceClass },
    ...{ engineVersion: member.engineVersion, ...parametersOf(member) },
    ...{ status: member.status, zone: member.zone, tier: tierOf(instance, member.promotionTier) },
    multiAz: member.multiAz,
    replicaOf: member.replicaOf === null ? null : sourceName(instance, member.replicaOf, region),
    replication: member.replication && {
      status: member.replication.status,
      normal: member.replication.normal,
    },
    pending: [...member.pending, ...pendingOf(cluster?.PendingModifiedValues)].map(({ name }) => name),
    backupRetentionDays: cluster?.BackupRetentionPeriod ?? member.backupRetentionDays,
    freeStoragePercent: freePercent(instance, metrics),
    securityGroups: groupsOf(instance),
    ...{ lag: metrics?.lag ?? null, activity: metrics?.activity ?? null },
    ...{ restartedAt: events?.restartedAt ?? null, look: null },
  };
}

/** The one that is not in sync speaks for all. */
function parametersOf({ parameterGroups: groups }: Member): Pick<Node, "parameterGroup" | "parameterStatus"> {
  const unapplied = groups.find(({ status }) => status !== "in-sync");
  return {
    parameterGroup: groups[0]?.name ?? null,
    parameterStatus: (unapplied ?? groups[0])?.status ?? null,
  };
}

function freePercent({ AllocatedStorage: size = 0 }: DBInstance, metrics: NodeMetrics | null): number | null {
  const free = metrics?.freeBytes ?? null;
  return free === null || size === 0 ? null : Math.min(100, (free / (size * gib)) * 100);
}

/** RDS gives a tier to every instance; it means something in a cluster of Aurora only. */
function tierOf({ Engine: engine }: DBInstance, tier: number | null): number | null {
  return engine?.startsWith("aurora") ? tier : null;
}

/** A bare name is of the instance's own Region. */
function sourceName({ DBInstanceArn: arn = "" }: DBInstance, source: string, region: string): string {
  const own = parseArn(arn)?.region ?? region;
  if (parseArn(source) !== null || own === region) return localName(source, region);
  return arn.replace(/[^:]*$/, source);
}

/** One that is on its way out still lets somebody in. */
function groupsOf({ VpcSecurityGroups: groups }: DBInstance): string[] | null {
  return groups === undefined ? null : groups.flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
}
