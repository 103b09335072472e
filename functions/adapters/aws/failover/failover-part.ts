import type { DBCluster } from "@aws-sdk/client-rds";
import type { FailoverTopology, Node } from "../../../core/contract/failover-topology.ts";
import { groupName } from "../rds-names.ts";
import type { NodeEvents } from "./failover-events.ts";
import type { GroupRecord } from "./failover-reach.ts";

/** What differs from topology to topology; the rest is the same for all. */
export type Part = Pick<
  FailoverTopology,
  "kind" | "group" | "clusterId" | "clusterStatus" | "globalId" | "primary" | "nodes" | "failingOver"
> & {
  readonly engine: string | undefined;
  /** Of blue/green deployments: by what they name their source and target. */
  readonly arns: readonly string[];
  /** Newest failover that RDS tells of; null: could not be read, undefined: none. */
  readonly failedOverAt: string | null | undefined;
  readonly record: GroupRecord;
};

/** Newest failover of several databases: unknown where one could not be asked, unless another one had one anyhow. */
export function lastOf(events: readonly (NodeEvents | null)[]): string | null | undefined {
  const [last] = events
    .flatMap((each) => each?.failedOverAt ?? [])
    .toSorted((a, b) => Date.parse(b) - Date.parse(a));
  return last ?? (events.includes(null) ? null : undefined);
}

export function groupOfCluster({ DBClusterArn = "", DBClusterIdentifier = "" }: DBCluster): string {
  return groupName({ DBInstanceArn: DBClusterArn }, DBClusterIdentifier);
}

export function arnsOf(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap(({ arn }) => arn ?? []);
}

/** Events that cannot be read cost what is known by them, and not the description. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch {
    return null;
  }
}
