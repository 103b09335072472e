import { calmRds } from "../support/outside/calm.ts";
import { gapped, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "orders-prod";
const gib = 1024 ** 3;
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Halved to save money three hours ago; shared_buffers is still the eight GiB of the larger class, and the rest swaps",
  world: (dice) => {
    const changed = dice.number(176, 184);
    const calm = {
      engine: "postgres",
      vcpus: 2,
      memoryGib: 16,
      connections: 312,
      cpu: 46,
      freeGib: 163,
      iops: 900,
    } as const;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: gapped(
        {
          ...calmRds(calm),
          CPUUtilization: steps(22, 47, changed),
          FreeableMemory: (minutes) =>
            minutes > changed ? 9.4 * gib : 0.17 * gib + (minutes * 3.2 * gib) / changed ** 1.2,
          SwapUsage: moves(8 * mib, 1430 * mib, changed - 40),
          ReadIOPS: steps(310, 1480, changed),
          ReadThroughput: steps(5.6e6, 22e6, changed),
          WriteIOPS: steps(540, 760, changed),
          DiskQueueDepth: steps(1.0, 1.8, changed),
          DBLoad: steps(1.1, 2.3, changed),
          DBLoadCPU: steps(0.8, 0.9, changed),
          DBLoadNonCPU: steps(0.3, 1.4, changed),
        },
        changed + 3,
        changed - 3,
      ),
      events: [
        told(id, changed - 4, "configuration change", "Finished applying modification to DB instance class"),
        told(id, changed - 3, "availability", "DB instance restarted"),
        told(id, changed + 3, "availability", "DB instance shutdown"),
        told(id, changed + 9, "configuration change", "Applying modification to database instance class"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(changed + 10).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "finops-rightsizing",
          detail: "dBInstanceIdentifier=orders-prod, dBInstanceClass=db.r6g.large, applyImmediately=true",
          error: null,
        },
      ],
      load: loadOf(
        { "IO:DataFileRead": 1.1, CPU: 0.9, "IO:WALWrite": 0.2 },
        [
          {
            sql: "SELECT * FROM order_lines WHERE order_id = ANY($1)",
            waits: { "IO:DataFileRead": 0.4, CPU: 0.2 },
          },
          {
            sql: "SELECT * FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT $2",
            waits: { "IO:DataFileRead": 0.4, CPU: 0.2 },
          },
          { sql: "SELECT * FROM addresses WHERE id = $1", waits: { "IO:DataFileRead": 0.2, CPU: 0.1 } },
          { sql: "UPDATE orders SET state = $1 WHERE id = $2", waits: { "IO:WALWrite": 0.2, CPU: 0.2 } },
        ],
        { orders: 1.9, jobs: 0.3 },
      ),
      alarm: below("FreeableMemory", 512 * mib, [531e6, 528e6, 524e6], 50, "Minimum"),
      alsoAlarms: [above("SwapUsage", 512 * mib, [541e6, 548e6, 556e6], 87)],
      way: "probe-failed",
    };
  },
});
