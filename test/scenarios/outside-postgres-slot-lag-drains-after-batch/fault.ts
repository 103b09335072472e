import { calmRds } from "../support/outside/calm.ts";
import { type Curve, during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "invoices-prod";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The batch of the evening ran ahead of the change capture, which has long caught up; only the alarm is left",
  world: (dice) => {
    const [began, ended, caughtUp] = [dice.number(74, 80), 34, 11];
    // Six GiB behind at the end of the batch, none since.
    const behind = (minutes: number): number => {
      if (minutes > began || minutes < caughtUp) return 0;
      if (minutes > ended) return (6.3 * (began - minutes)) / (began - ended);
      return (6.3 * (minutes - caughtUp)) / (ended - caughtUp);
    };
    const withLag =
      (calm: number, share: number): Curve =>
      (minutes) =>
        (calm + share * behind(minutes)) * gib;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 4, memoryGib: 16, connections: 109, cpu: 33, iops: 570 }),
        OldestReplicationSlotLag: withLag(0.03, 1),
        TransactionLogsDiskUsage: withLag(1.6, 1),
        FreeStorageSpace: withLag(188, -1),
        WriteIOPS: during(began, ended, 2100, 342),
        WriteThroughput: during(began, ended, 31e6, 7.2e6),
        CPUUtilization: during(began, ended, 58, 33),
        DBLoad: during(began, ended, 3.2, 1.3),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.0, "IO:WALSync": 0.2, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT * FROM invoices WHERE customer_id = $1",
            waits: { CPU: 0.4, "IO:DataFileRead": 0.1 },
          },
          { sql: "UPDATE invoices SET state = $1 WHERE id = $2", waits: { CPU: 0.2, "IO:WALSync": 0.2 } },
        ],
        { billing: 1.1, cdc: 0.2 },
      ),
      alarm: {
        ...above("OldestReplicationSlotLag", 5 * gib, [5.41e9, 5.57e9, 5.74e9], ended + 6, "Maximum"),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
