import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "orders-core";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The change capture was switched off two days ago and its replication slot was left: 96 GiB of WAL are kept for nobody, 2.5 GiB more each hour",
  world: (dice) => {
    const since = dice.number(2290, 2320);
    const kept = between(since, 0, 0.02 * gib, 96 * gib);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          AllocatedStorage: 300,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "postgres", vcpus: 2, memoryGib: 8, connections: 118, cpu: 33, iops: 480 }),
        ),
        FreeStorageSpace: (minutes) => 154 * gib - (kept(minutes) ?? 0),
        TransactionLogsDiskUsage: (minutes) => 1.1 * gib + (kept(minutes) ?? 0),
        OldestReplicationSlotLag: kept,
        ReplicationSlotDiskUsage: usual(0.001 * gib),
        TransactionLogsGeneration: usual(0.74e6),
      },
      events: nightlyBackup(id),
      load: [],
      logs: [
        errorLog(
          [
            logged(9, { pid: 412 }, "LOG:  checkpoint starting: time"),
            logged(
              5,
              { pid: 412 },
              "LOG:  checkpoint complete: wrote 9121 buffers (3.6%); 0 WAL file(s) added, 0 removed, 3 recycled; write=239.612 s, sync=0.011 s, total=239.688 s; sync files=214, longest=0.004 s, average=0.001 s; distance=203113 kB, estimate=211804 kB",
            ),
            logged(4, { pid: 412 }, "LOG:  checkpoint starting: time"),
          ],
          4,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 19).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "ops-admin",
          detail: "BackupRetentionPeriod=14",
          error: null,
        },
      ],
      alarm: below("FreeStorageSpace", 60 * gib, [64_240_000_000, 64_180_000_000, 64_110_000_000], 46),
      way: "probe-failed",
    };
  },
});
