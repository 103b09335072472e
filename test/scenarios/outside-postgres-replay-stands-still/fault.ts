import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const [id, source] = ["orders-db-replica", "orders-db"] as const;
const gib = 1024 ** 3;
const of = {
  Engine: "postgres",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r5.xlarge",
  AllocatedStorage: 500,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A long report on a replica holds its replay: the lag grows by a minute a minute, nothing is written there",
  world: (dice) => {
    const since = dice.number(26, 31);
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...of, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 214,
          connections: 41,
          cpu: 14,
          iops: 720,
        }),
        ReplicaLag: (ago) => (ago > since ? 0.4 : (since - ago) * 60),
        CPUUtilization: steps(14, 34, since + 3),
        ReadIOPS: steps(290, 1480, since + 3),
        ReadThroughput: steps(5.2e6, 61e6, since + 3),
        WriteIOPS: steps(430, 26, since),
        WriteThroughput: steps(9e6, 3.4e6, since),
        NetworkReceiveThroughput: usual(3.6e6),
        DiskQueueDepth: steps(0.8, 1.1, since),
        // What comes in is kept, and not applied: 3.1 MB a second.
        TransactionLogsDiskUsage: moves(1.1 * gib, 1.1 * gib + since * 60 * 3.1e6, since),
        FreeStorageSpace: moves(214 * gib, 214 * gib - since * 60 * 3.1e6, since),
        [`${source}/CPUUtilization`]: usual(36),
        [`${source}/DatabaseConnections`]: usual(148),
        [`${source}/FreeableMemory`]: usual(7.4 * gib),
        [`${source}/WriteIOPS`]: usual(540),
        [`${source}/WriteThroughput`]: usual(11e6),
        [`${source}/TransactionLogsGeneration`]: usual(3.1e6),
        [`${source}/OldestReplicationSlotLag`]: usual(0.3e6),
      }),
      events: nightlyBackup(source),
      load: null,
      alarm: above("ReplicaLag", 300, [312, 371, 433], since - 7),
      way: "probe-failed",
    };
  },
});
