import { calmRds } from "../support/outside/calm.ts";
import { type Curves, even, gapped, until } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "ledger-eu";
const gib = 1024 ** 3;
const days = 3 * 24 * 60;

const full = (minutes: number) =>
  told(
    id,
    minutes,
    "availability",
    "DB instance has reached the storage-full threshold, and the database has been shut down. You can increase the allocated storage to address this issue.",
  );

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The connector of a logical slot stopped on Friday; its WAL has filled the volume, and RDS has stopped the engine",
  world: (dice) => {
    const down = dice.number(7, 9);
    const stopped = (curves: Curves): Curves =>
      Object.fromEntries(Object.entries(curves).map(([name, curve]) => [name, until(down, curve)]));
    const calm = calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 16,
      freeGib: 172,
      connections: 74,
      cpu: 26,
      iops: 610,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.7",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 300,
          DBInstanceStatus: "storage-full",
        }),
      ],
      metrics: {
        ...gapped(
          stopped({
            ...calm,
            TransactionLogsDiskUsage: even(between(days, down, 1.2 * gib, 172.5 * gib)),
            ReplicationSlotDiskUsage: even(between(days, down, 0.1 * gib, 171.4 * gib)),
            OldestReplicationSlotLag: even(between(days, down, 0.1 * gib, 171.4 * gib)),
          }),
          38,
          36,
        ),
        FreeStorageSpace: between(days, down, 172 * gib, 0.02 * gib),
        CPUUtilization: (ago) => (ago < down ? 3 : 26),
      },
      events: [
        full(down),
        told(
          id,
          260,
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 3% of the provisioned storage [Provisioned Storage: 292.76 GB, Free Storage: 9.87 GB]. You may want to increase the provisioned storage to address this issue.`,
        ),
        ...nightlyBackup(id),
      ],
      logs: [
        errorLog(
          [
            logged(
              down + 6,
              { pid: 511 },
              "LOG:  checkpoint complete: wrote 5120 buffers (1.0%); 0 WAL file(s) added, 0 removed, 3 recycled; write=171.203 s, sync=0.041 s, total=171.311 s",
            ),
            logged(
              down + 0.2,
              { host: "10.4.18.23(50114)", user: "ledger", database: "ledger", pid: 7741 },
              'PANIC:  could not write to file "pg_wal/xlogtemp.7741": No space left on device',
            ),
            logged(
              down + 0.2,
              { pid: 401 },
              "LOG:  server process (PID 7741) was terminated by signal 6: Aborted",
            ),
            logged(down + 0.1, { pid: 401 }, "LOG:  terminating any other active server processes"),
          ],
          down,
        ),
      ],
      load: [],
      notice: notice("RDS-EVENT-0221", full(down)),
      way: "refused",
    };
  },
});
