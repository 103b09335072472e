import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "inventory-prod";
const gib = 1024 ** 3;
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The task that copied changes to the warehouse was stopped 64 hours ago and its logical slot left: it keeps 88 GiB of WAL, 33 GiB more each day",
  world: (dice) => {
    const stopped = dice.number(3820, 3860);
    const since = (from: number, to: number) => between(stopped, 0, from, to);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.12",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 250,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 8,
            connections: 74,
            cpu: 29,
            iops: 410,
            freeGib: 118,
          }),
        ),
        FreeStorageSpace: since(118 * gib, 29.6 * gib),
        TransactionLogsDiskUsage: since(1.2 * gib, 89.4 * gib),
        OldestReplicationSlotLag: since(24 * mib, 88.2 * gib),
        ReplicationSlotDiskUsage: since(3 * mib, 6 * mib),
        TransactionLogsGeneration: usual(0.39 * mib),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.44, "IO:WALSync": 0.06, "Client:ClientRead": 0.02 },
        [
          {
            sql: "UPDATE stock_levels SET on_hand = on_hand + $1 WHERE sku = $2 AND location_id = $3",
            waits: { CPU: 0.19, "IO:WALSync": 0.05 },
          },
          { sql: "SELECT sku, on_hand FROM stock_levels WHERE location_id = $1", waits: { CPU: 0.14 } },
        ],
        { inventory_app: 0.5 },
      ),
      logs: [
        errorLog(
          [
            logged(22, { pid: 388 }, "LOG:  checkpoint starting: time"),
            logged(
              18,
              { pid: 388 },
              "LOG:  checkpoint complete: wrote 4102 buffers (1.6%); 0 WAL file(s) added, 0 removed, 0 recycled; write=240.012 s, sync=0.008 s, total=240.061 s; sync files=91, longest=0.004 s, average=0.001 s; distance=118204 kB, estimate=121330 kB",
            ),
            logged(17, { pid: 388 }, "LOG:  checkpoint starting: time"),
            logged(
              13,
              { pid: 388 },
              "LOG:  checkpoint complete: wrote 3981 buffers (1.5%); 7 WAL file(s) added, 0 removed, 0 recycled; write=239.902 s, sync=0.009 s, total=239.948 s; sync files=88, longest=0.005 s, average=0.001 s; distance=117004 kB, estimate=120980 kB",
            ),
          ],
          13,
        ),
      ],
      changes: [
        {
          at: ago(195).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-ci",
          detail: `dBInstanceIdentifier=${id}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: below("FreeStorageSpace", 30 * gib, [32_180_000_000, 32_160_000_000, 32_140_000_000], 16),
      way: "probe-failed",
    };
  },
});
