import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { BackupSource, Sight } from "../../core/context-ports.ts";
import type { Backups } from "../../core/contract/context.ts";
import type { Target } from "../../core/contract/target.ts";
import { attempt, during, isoOf } from "./attempt.ts";

interface Reach {
  readonly client: RDSClient;
  readonly signal: AbortSignal | undefined;
}

interface Snapshot {
  readonly id: string | undefined;
  readonly at: Date | undefined;
  readonly type: string | undefined;
  readonly status: string | undefined;
}

/** 35 automated snapshots and 100 manual ones are the most that a database has by default. */
const maxPages = 3;

/** Newest usable snapshot and window of point-in-time recovery (SPEC M5); of the cluster where there is one. */
export function createRdsBackups({ client }: { readonly client: RDSClient }): BackupSource {
  return {
    read: async (target, signal) => {
      const reach = { client, signal };
      const [snapshots, window] = await Promise.all([
        readSnapshots(reach, target),
        readWindow(reach, target),
      ]);
      const missing = [...snapshots.missing, ...window.missing];
      if (snapshots.value === null && window.value === null) return { value: null, missing };
      return {
        value: { newestSnapshot: newest(snapshots.value ?? []), ...(window.value ?? noWindow) },
        missing,
      };
    },
  };
}

const noWindow = { restorableFrom: null, restorableTo: null };

function newest(snapshots: readonly Snapshot[]): Backups["newestSnapshot"] {
  const usable = snapshots
    .filter(({ at, status }) => at !== undefined && status === "available")
    .toSorted((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0))[0];
  const at = isoOf(usable?.at);
  return usable?.id && at !== null
    ? { id: usable.id, at, type: usable.type ?? null, status: usable.status ?? null }
    : null;
}

function readSnapshots(reach: Reach, target: Target): Promise<Sight<readonly Snapshot[] | null>> {
  return target.clusterId === null
    ? attempt({ what: "snapshots", action: "rds:DescribeDBSnapshots" }, () => ofInstance(reach, target.name))
    : attempt({ what: "snapshots", action: "rds:DescribeDBClusterSnapshots" }, () =>
        ofCluster(reach, target.clusterId ?? ""),
      );
}

function ofInstance({ client, signal }: Reach, name: string): Promise<readonly Snapshot[]> {
  return allPages(async (page) => {
    const command = new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: name, ...page });
    const { DBSnapshots = [], Marker } = await client.send(command, during(signal));
    const snapshots = DBSnapshots.map((each) => ({
      id: each.DBSnapshotIdentifier,
      at: each.SnapshotCreateTime,
      type: each.SnapshotType,
      status: each.Status,
    }));
    return { snapshots, next: Marker };
  });
}

function ofCluster({ client, signal }: Reach, cluster: string): Promise<readonly Snapshot[]> {
  return allPages(async (page) => {
    const command = new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: cluster, ...page });
    const { DBClusterSnapshots = [], Marker } = await client.send(command, during(signal));
    const snapshots = DBClusterSnapshots.map((each) => ({
      id: each.DBClusterSnapshotIdentifier,
      at: each.SnapshotCreateTime,
      type: each.SnapshotType,
      status: each.Status,
    }));
    return { snapshots, next: Marker };
  });
}

interface Page {
  readonly snapshots: readonly Snapshot[];
  readonly next: string | undefined;
}

/** In no documented order, so all of them are read. */
async function allPages(
  read: (page: { MaxRecords: number; Marker?: string }) => Promise<Page>,
): Promise<readonly Snapshot[]> {
  const found: Snapshot[] = [];
  let marker: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { snapshots, next } = await read({ MaxRecords: 100, ...(marker ? { Marker: marker } : {}) });
    found.push(...snapshots);
    marker = next;
    if (!marker) break;
  }
  return found;
}

/** A cluster says its window itself, in the topology. */
async function readWindow({ client, signal }: Reach, { name, clusterId }: Target) {
  if (clusterId !== null) return { value: noWindow, missing: [] };
  const call = { what: "window of point-in-time recovery", action: "rds:DescribeDBInstanceAutomatedBackups" };
  return attempt(call, async () => {
    const answer = await client.send(
      new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: name }),
      during(signal),
    );
    const backups = answer.DBInstanceAutomatedBackups ?? [];
    const active = backups.find(({ Status }) => Status === "active") ?? backups[0];
    return {
      restorableFrom: isoOf(active?.RestoreWindow?.EarliestTime),
      restorableTo: isoOf(active?.RestoreWindow?.LatestTime),
    };
  });
}
