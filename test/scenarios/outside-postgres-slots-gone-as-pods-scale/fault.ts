import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { noSlotLeft } from "../support/outside/first-answers.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "catalog-db";
const full = "remaining connection slots are reserved for roles with the SUPERUSER attribute";
const worker = { host: "10.40.3.77(42110)", user: "pricing", database: "catalog", pid: 20_415 };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The autoscaler goes from 12 pods to 40, each with a pool of ten: every slot of the small class is taken",
  world: (dice) => {
    const full405 = dice.number(8, 9);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.t4g.medium",
          AllocatedStorage: 100,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 2, memoryGib: 4, connections: 128, cpu: 27, iops: 190 }),
        DatabaseConnections: even(
          Object.assign((ago: number) =>
            ago > 20 ? 128 : ago < full405 ? 402 : 402 - ((ago - full405) * 274) / (20 - full405),
          ),
        ),
        CPUUtilization: steps(27, 63, 13),
        FreeableMemory: moves(1.4 * 1024 ** 3, 0.44 * 1024 ** 3, 20),
        DBLoad: steps(0.6, 1.6, 13),
        DBLoadCPU: steps(0.4, 1.1, 13),
        DBLoadNonCPU: steps(0.2, 0.5, 13),
        NetworkTransmitThroughput: steps(4e6, 6.1e6, 14),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.0, "Client:ClientRead": 0.2, "IO:WALSync": 0.1 },
        [
          { sql: "SELECT * FROM products WHERE sku = ANY($1)", waits: { CPU: 0.4 } },
          { sql: "SELECT price FROM prices WHERE product_id = $1 AND market = $2", waits: { CPU: 0.3 } },
          {
            sql: "UPDATE stock SET seen_at = $1 WHERE product_id = $2",
            waits: { CPU: 0.1, "IO:WALSync": 0.1 },
          },
        ],
        { catalog_api: 1.0, pricing: 0.3 },
      ),
      logs: [
        errorLog(
          [
            logged(31, worker, "ERROR:  deadlock detected"),
            logged(31, worker, "STATEMENT:  UPDATE stock SET seen_at = $1 WHERE product_id = $2"),
            ...everySoOften(
              { from: full405, to: 1, apart: 0.2 },
              { host: "10.40.7.12", user: "catalog_api", database: "catalog" },
              [`FATAL:  ${full}`],
            ),
          ],
          1,
        ),
      ],
      alarm: above("DatabaseConnections", 360, [371, 398, 402], 8, "Maximum"),
      alsoAlarms: [above("CPUUtilization", 60, [61.2, 63.8, 62.9], 6)],
      way: "refused",
      inPart: noSlotLeft(full),
    };
  },
});
