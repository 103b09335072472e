import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "billing-pg";
const replica = "billing-pg-ro";
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const of = {
  Engine: "postgres",
  EngineVersion: "16.8",
  DBInstanceClass: "db.m6g.xlarge",
  AllocatedStorage: 500,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

/** Up to what the checkpoints' distance keeps, and no further. */
const wal: Curve = (ago) => (ago > 50 ? 3.1 : ago > 38 ? 3.1 + (3 * (50 - ago)) / 12 : 6.1) * gib;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "While indexes are built anew the WAL stands at 6 GiB as its checkpoints keep it; the alarm says five",
  world: (dice) => {
    const generated = dice.number(13, 15) * mib;
    return {
      instances: [
        instanceOf(id, { ...of, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
        instanceOf(replica, { ...of, ReadReplicaSourceDBInstanceIdentifier: id }),
      ],
      metrics: withoutInsights({
        ...calmRds({ engine: "postgres", vcpus: 4, memoryGib: 16, connections: 97, cpu: 22, iops: 410 }),
        FreeStorageSpace: (ago) => (ago > 50 ? 306 : 300.5 + 0.05 * ago) * gib,
        TransactionLogsDiskUsage: wal,
        TransactionLogsGeneration: steps(0.4 * mib, generated, 50),
        OldestReplicationSlotLag: steps(3 * mib, 24 * mib, 50),
        WriteIOPS: steps(246, 1450, 50),
        WriteThroughput: steps(246 * 21_000, 44 * mib, 50),
        ReadIOPS: steps(164, 610, 50),
        ReadThroughput: steps(164 * 18_000, 38 * mib, 50),
        DiskQueueDepth: steps(0.5, 2.9, 50),
        CPUUtilization: steps(22, 43, 50),
        [`${replica}/CPUUtilization`]: steps(14, 22, 50),
        [`${replica}/DatabaseConnections`]: usual(28),
        [`${replica}/FreeableMemory`]: usual(4.1 * gib),
        [`${replica}/ReplicaLag`]: steps(0.3, 0.9, 50),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("TransactionLogsDiskUsage", 5 * gib, [5.1 * gib, 5.35 * gib, 5.6 * gib], 39),
      way: "probe-failed",
    };
  },
});
