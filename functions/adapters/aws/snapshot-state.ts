import {
  DBClusterSnapshotNotFoundFault,
  DBSnapshotNotFoundFault,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { RdsChanges, SnapshotState } from "../../core/change-ports.ts";
import { during, isoOf } from "./attempt.ts";

/** By its name; null: there is none. */
export function snapshotState(
  client: RDSClient,
  { kind, id }: Parameters<RdsChanges["snapshot"]>[0],
  signal: AbortSignal | undefined,
): Promise<SnapshotState | null> {
  return kind === "cluster" ? clusterSnapshot(client, id, signal) : instanceSnapshot(client, id, signal);
}

async function instanceSnapshot(
  client: RDSClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SnapshotState | null> {
  try {
    const command = new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id });
    const [found] = (await client.send(command, during(signal))).DBSnapshots ?? [];
    return found === undefined
      ? null
      : {
          ...{ of: found.DBInstanceIdentifier ?? null, resourceId: found.DbiResourceId ?? null },
          ...{ createdAt: isoOf(found.SnapshotCreateTime), status: found.Status ?? null },
          percent: found.PercentProgress ?? null,
        };
  } catch (error) {
    if (error instanceof DBSnapshotNotFoundFault) return null;
    throw error;
  }
}

async function clusterSnapshot(
  client: RDSClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SnapshotState | null> {
  try {
    const command = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id });
    const [found] = (await client.send(command, during(signal))).DBClusterSnapshots ?? [];
    return found === undefined
      ? null
      : {
          ...{ of: found.DBClusterIdentifier ?? null, resourceId: found.DbClusterResourceId ?? null },
          ...{ createdAt: isoOf(found.SnapshotCreateTime), status: found.Status ?? null },
          percent: found.PercentProgress ?? null,
        };
  } catch (error) {
    if (error instanceof DBClusterSnapshotNotFoundFault) return null;
    throw error;
  }
}
