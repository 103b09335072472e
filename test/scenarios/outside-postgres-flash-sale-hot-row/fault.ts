import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "shop-writer";

const instances = [
  instanceOf(id, {
    Engine: "postgres",
    EngineVersion: "16.9",
    DBInstanceClass: "db.m6g.2xlarge",
    AllocatedStorage: 600,
    Iops: 12_000,
    StorageThroughput: 500,
  }),
];

const calm = calmRds({
  engine: "postgres",
  vcpus: 8,
  memoryGib: 32,
  freeGib: 340,
  connections: 124,
  cpu: 33,
  iops: 1300,
});

const update = "UPDATE inventory SET available = available - $1 WHERE sku = $2 AND available >= $1";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "One article is on sale: everybody takes from the same row in turn, and the load is nearly all row locks",
  world: (dice) => {
    const minutes = dice.number(11, 14);
    return {
      instances,
      metrics: {
        ...calm,
        CPUUtilization: steps(33, 37, minutes),
        DatabaseConnections: moves(124, 232, minutes),
        WriteIOPS: steps(780, 860, minutes),
        DBLoad: steps(3.1, 46, minutes),
        DBLoadCPU: steps(2.2, 2.9, minutes),
        DBLoadNonCPU: steps(0.9, 43, minutes),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "Lock:tuple": 26.8,
          "Lock:transactionid": 14.3,
          CPU: 2.9,
          "IO:XactSync": 1.3,
          "Client:ClientRead": 0.3,
        },
        [
          { sql: update, waits: { "Lock:tuple": 26.8, "Lock:transactionid": 14.1, CPU: 0.4 } },
          { sql: "COMMIT", waits: { "IO:XactSync": 1.3, CPU: 0.1 } },
          { sql: "SELECT * FROM products WHERE id = $1", waits: { CPU: 1.4 } },
          {
            sql: "INSERT INTO order_lines (order_id, sku, quantity) VALUES ($1, $2, $3)",
            waits: { CPU: 0.5, "Lock:transactionid": 0.2 },
          },
        ],
        { shop: 45.1, reporting: 0.5 },
      ),
      alarm: above("DBLoad", 16, [41.8, 45.2, 46.9], minutes - 4),
      way: "probe-failed",
    };
  },
});
