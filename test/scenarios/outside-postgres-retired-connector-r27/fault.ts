import { calmRds } from "../support/outside/calm.ts";
import { daily, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { byDay } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "orders-core";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A Debezium connector was retired nine days ago and its logical slot left behind: 52 GiB of WAL a day are kept for nobody",
  world: (dice) => {
    const kept = dice.number(466, 474);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 148,
        connections: 164,
        cpu: 36,
        iops: 1300,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        FreeStorageSpace: byDay(148 * gib, -52 * gib),
        TransactionLogsDiskUsage: byDay((kept + 3) * gib, 52 * gib),
        OldestReplicationSlotLag: byDay(kept * gib, 52 * gib),
        ReplicationSlotDiskUsage: byDay(0.004 * gib, 0),
        TransactionLogsGeneration: daily(0.62 * mib, 0.3),
      },
      events: [...nightlyBackup(id)],
      load: loadOf(
        { CPU: 1.0, "IO:DataFileRead": 0.2, "IO:WALWrite": 0.2 },
        [{ sql: "UPDATE orders SET state = $1 WHERE id = $2", waits: { CPU: 0.3, "IO:WALWrite": 0.1 } }],
        { orders_api: 1.2, reporting: 0.2 },
      ),
      logs: [
        errorLog(
          [
            logged(26, { pid: 611 }, "LOG:  checkpoint starting: time"),
            logged(
              22,
              { pid: 611 },
              "LOG:  checkpoint complete: wrote 8812 buffers (0.8%); 0 WAL file(s) added, 0 removed, 3 recycled; write=239.702 s, sync=0.011 s, total=239.761 s; sync files=201, longest=0.004 s, average=0.001 s; distance=190412 kB, estimate=201877 kB",
            ),
            logged(21, { pid: 611 }, "LOG:  checkpoint starting: time"),
          ],
          21,
        ),
      ],
      alarm: below("FreeStorageSpace", 150 * gib, [161_020_000_000, 160_981_000_000, 160_942_000_000], 52),
      way: "probe-failed",
    };
  },
});
