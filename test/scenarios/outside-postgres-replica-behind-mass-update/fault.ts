import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curves, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const [source, replica] = ["profiles-prod", "profiles-read"];
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const like = {
  Engine: "postgres",
  EngineVersion: "14.15",
  AllocatedStorage: 800,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "One UPDATE rewrites every row of the source; its replica replays on one core and falls further behind",
  world: (dice) => {
    const began = dice.number(50, 54);
    // 14 MiB of WAL a second come in, 3 are replayed.
    const behind = began * 60 * 0.786;
    const kept = (began * 60 * 11) / 1024;
    const asSource = withoutInsights(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        connections: 187,
        cpu: 24,
        iops: 520,
        freeGib: 402,
      }),
    );
    const ofSource: Curves = {
      ...asSource,
      CPUUtilization: steps(24, 55, began),
      WriteIOPS: steps(312, 2810, began),
      WriteThroughput: steps(6.5e6, 58e6, began),
      ReadIOPS: steps(208, 1350, began),
      ReadThroughput: steps(3.7e6, 24e6, began),
      DiskQueueDepth: steps(0.6, 5.2, began),
      TransactionLogsGeneration: steps(1.5 * mib, 14 * mib, began),
      OldestReplicationSlotLag: moves(3 * mib, kept * gib, began),
      TransactionLogsDiskUsage: moves(2.1 * gib, (2.1 + kept) * gib, began),
      FreeStorageSpace: moves(402 * gib, (402 - kept - 9) * gib, began),
    };
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          DBInstanceClass: "db.r6g.large",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...withoutInsights(
          calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 16,
            connections: 46,
            cpu: 13,
            iops: 380,
            freeGib: 408,
          }),
        ),
        ReplicaLag: moves(1, behind, began),
        CPUUtilization: steps(13, 37, began),
        ReadIOPS: steps(150, 1020, began),
        ReadThroughput: steps(2.7e6, 9.6e6, began),
        WriteIOPS: steps(230, 1640, began),
        WriteThroughput: steps(4.8e6, 31e6, began),
        DiskQueueDepth: steps(0.4, 3.1, began),
        NetworkReceiveThroughput: steps(1.9e6, 16.2e6, began),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      alarm: above("ReplicaLag", 600, [624, 671, 718], began - 14),
      way: "probe-failed",
    };
  },
});
