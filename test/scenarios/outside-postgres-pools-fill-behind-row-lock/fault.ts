import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "depot-main";
const statement = "UPDATE warehouse_stock SET reserved = reserved + $1 WHERE sku = $2 AND depot = $3";

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 140,
  connections: 178,
  cpu: 23,
  iops: 520,
});

/** With log_lock_waits on: all wait for one process, on the rows of one transaction. */
function waited(since: number): string[] {
  return Array.from({ length: 52 }, (_, index) => {
    const at = since - 0.1 - index * 0.19;
    const client = {
      host: `10.4.18.${index % 2 === 0 ? 23 : 31}(${40_112 + index * 11})`,
      user: "orders",
      database: "depot",
      pid: 22_040 + index * 6,
    };
    const queue = Array.from({ length: index + 1 }, (_each, before) => 22_040 + before * 6).join(", ");
    return [
      logged(
        at,
        client,
        `LOG:  process ${client.pid} still waiting for ShareLock on transaction 918273645 after 1000.${100 + index} ms`,
      ),
      logged(at, client, `DETAIL:  Process holding the lock: 21877. Wait queue: ${queue}.`),
      logged(at, client, `CONTEXT:  while updating tuple (8812,${14 + index}) in relation "warehouse_stock"`),
      logged(at, client, `STATEMENT:  ${statement}`),
    ];
  }).flat();
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A stocktaking transaction was left open over the rows of one depot; the pools fill up with who waits for it",
  world: (dice) => {
    const since = dice.number(11, 13);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(23, 9, since),
        DatabaseConnections: moves(178, 372, since),
        DBLoad: moves(0.9, 171, since),
        DBLoadCPU: steps(0.7, 0.4, since),
        DBLoadNonCPU: moves(0.2, 170.6, since),
        WriteIOPS: steps(312, 96, since),
        WriteThroughput: steps(6.5e6, 1.9e6, since),
        DiskQueueDepth: steps(0.6, 0.25, since),
        NetworkReceiveThroughput: steps(1.6e6, 0.5e6, since),
        NetworkTransmitThroughput: steps(5.5e6, 1.4e6, since),
      },
      events: nightlyBackup(id),
      // The average of the quarter of an hour that is asked for: the queue grew all the while.
      load: loadOf(
        { "Lock:transactionid": 44.6, "Lock:tuple": 4.1, CPU: 0.5, "IO:WALSync": 0.1 },
        [
          {
            sql: statement.replaceAll(/\$\d/g, "?"),
            waits: { "Lock:transactionid": 44.6, "Lock:tuple": 4.1 },
          },
          { sql: "SELECT sku, name, price FROM articles WHERE sku = ANY ( ? )", waits: { CPU: 0.3 } },
          {
            sql: "INSERT INTO order_lines (order_id, sku, qty) VALUES (?, ?, ?)",
            waits: { CPU: 0.1, "IO:WALSync": 0.1 },
          },
        ],
        { orders: 49, catalog: 0.3 },
      ),
      logs: [errorLog(waited(since), since - 9.5)],
      alarm: above("DBLoad", 16, [31.4, 44.7, 58.2], 9),
      alsoAlarms: [above("DatabaseConnections", 300, [306, 318, 331], 2)],
      way: "probe-failed",
    };
  },
});
