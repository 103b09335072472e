import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "fulfilment-pg";
/** Three days ago somebody stopped the task that copied to the warehouse. */
const stopped = 60 * 73;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The replication task to the warehouse was stopped three days ago and its slot was left behind: the WAL since then is kept, and the volume has a day left",
  world: (dice) => {
    const left = dice.number(58, 60);
    const kept = 168;
    const server = { pid: 532 };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.m6g.xlarge",
          DBName: "fulfilment",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({ engine: "postgres", vcpus: 4, memoryGib: 16, connections: 118, cpu: 33, iops: 620 }),
          ),
        ),
        FreeStorageSpace: between(stopped, 0, (left + kept) * gib, left * gib),
        TransactionLogsDiskUsage: between(stopped, 0, 1.1 * gib, (kept + 1) * gib),
        TransactionLogsGeneration: () => (kept * gib) / (stopped * 60),
        OldestReplicationSlotLag: between(stopped, 0, 0.01 * gib, kept * gib),
        ReplicationSlotDiskUsage: between(stopped, 0, 0.01 * gib, kept * gib),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [
        errorLog(
          [11, 6, 1].flatMap((minutes) => [
            logged(minutes, server, "LOG:  checkpoint starting: time"),
            logged(
              minutes - 0.5,
              server,
              "LOG:  checkpoint complete: wrote 3127 buffers (0.6%); 0 WAL file(s) added, 0 removed, 3 recycled; write=269.7 s, sync=0.006 s, total=269.8 s; sync files=214, longest=0.002 s, average=0.001 s; distance=198114 kB, estimate=203871 kB",
            ),
          ]),
          1,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 5).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "CreateDBSnapshot",
          by: "release-bot",
          detail: `dBSnapshotIdentifier=fulfilment-before-4-31, dBInstanceIdentifier=${id}`,
          error: null,
        },
      ],
      alarm: below("FreeStorageSpace", 64_424_509_440, [64_390_000_000, 64_350_000_000, 64_310_000_000], 26),
      way: "probe-failed",
    };
  },
});
