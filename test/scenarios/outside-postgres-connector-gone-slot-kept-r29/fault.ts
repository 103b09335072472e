import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "bookings-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The change-data connector was switched off 26 hours ago and its slot was left: 5 GiB of WAL an hour are kept for nobody, 12 % of the volume are left",
  world: (dice) => {
    const since = dice.number(1540, 1570);
    const before = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 190,
        connections: 132,
        cpu: 29,
        iops: 760,
      }),
    );
    const kept = between(since, 0, 0.1 * gib, 129 * gib);
    const checkpoint = (minutes: number, buffers: number) => [
      logged(minutes + 4.5, { pid: 398 }, "LOG:  checkpoint starting: time"),
      logged(
        minutes,
        { pid: 398 },
        `LOG:  checkpoint complete: wrote ${buffers} buffers (4.1%); 0 WAL file(s) added, 0 removed, 7 recycled; write=269.812 s, sync=0.009 s, total=269.874 s; sync files=141, longest=0.004 s, average=0.001 s; distance=441022 kB, estimate=448120 kB`,
      ),
    ];
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...before,
        FreeStorageSpace: between(since, 0, 190 * gib, 61 * gib),
        TransactionLogsDiskUsage: between(since, 0, 1.1 * gib, 130 * gib),
        OldestReplicationSlotLag: kept,
        TransactionLogsGeneration: usual(1.42 * mib),
        ReplicationSlotDiskUsage: usual(0.2 * mib),
      },
      events: [
        told(
          id,
          140,
          "low storage",
          "The free storage capacity for DB Instance: bookings-pg is low at 15% of the provisioned storage [Provisioned Storage: 491.92 GB, Free Storage: 72.60 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.9, "IO:DataFileRead": 0.2, "IO:WALSync": 0.1 },
        [
          {
            sql: "SELECT * FROM bookings WHERE guest_id = $1 ORDER BY starts_on DESC",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "UPDATE availability SET free = free - $1 WHERE room_id = $2 AND day = $3",
            waits: { CPU: 0.3, "IO:WALSync": 0.1 },
          },
        ],
        { bookings: 1.1, backoffice: 0.1 },
      ),
      logs: [errorLog([...checkpoint(11, 15_402), ...checkpoint(6, 14_877), ...checkpoint(1, 15_019)], 1)],
      changes: [
        {
          at: ago(60 * 24 * 2.4).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "ops.meier",
          detail: `dBInstanceIdentifier=${id}, preferredMaintenanceWindow=sun:03:10-sun:03:40, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: below("FreeStorageSpace", 64 * gib, [68_650_000_000, 68_560_000_000, 68_470_000_000], 31),
      way: "probe-failed",
    };
  },
});
