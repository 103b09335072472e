import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { daily, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { inTurn } from "../support/outside/saws.ts";

const cluster = "warehouse-core";
const [writer, reader] = ["warehouse-core-a", "warehouse-core-b"];
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};
const reserve = "UPDATE stock_levels SET reserved = reserved + $1 WHERE sku_id = $2 AND site_id = $3";
const refill =
  "UPDATE stock_levels SET on_hand = on_hand + $1, counted_at = $2 WHERE sku_id = $3 AND site_id = $4";

/** One deadlock as the server logs it; the statement of who was chosen stands last. */
function deadlock(minutes: number, number: number): string[] {
  const [loser, other] = [21_877 + number * 13, 21_931 + number * 17];
  const transaction = 812_390_441 + number * 3107;
  const client = {
    host: `10.8.2.19(${41_200 + number * 9})`,
    user: "orders_api",
    database: "warehouse",
    pid: loser,
  };
  return [
    logged(minutes, client, "ERROR:  deadlock detected"),
    logged(
      minutes,
      client,
      `DETAIL:  Process ${loser} waits for ShareLock on transaction ${transaction}; blocked by process ${other}.`,
    ),
    `\tProcess ${other} waits for ShareLock on transaction ${transaction - 1}; blocked by process ${loser}.`,
    `\tProcess ${loser}: ${reserve}`,
    `\tProcess ${other}: ${refill}`,
    logged(minutes, client, "HINT:  See server log for query details."),
    logged(
      minutes,
      client,
      `CONTEXT:  while updating tuple (${8812 + number * 5},14) in relation "stock_levels"`,
    ),
    logged(minutes, client, `STATEMENT:  ${reserve}`),
  ];
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The new replenishment job updates stock in the order of its file, orders in the order of their lines: four deadlocks a minute",
  world: (dice) => {
    const since = dice.number(31, 36);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 241, cpu: 37, iops: 120 }),
        ),
        // Four in a minute are 0.067 a second.
        Deadlocks: inTurn(() => 0, since, [0.067, 0.05, 0.083, 0.067, 0.067]),
        DBLoad: turns(daily(2.9, 0.2), since, 4.4),
        DBLoadCPU: turns(daily(2.3, 0.2), since, 2.7),
        DBLoadNonCPU: turns(daily(0.6, 0.2), since, 1.7),
        CPUUtilization: turns(daily(37, 0.2), since, 42),
        CommitThroughput: turns(daily(310, 0.2), since, 330),
        ...calmReader(reader, 64),
      },
      events: [],
      load: loadOf(
        {
          CPU: 2.7,
          "Lock:transactionid": 0.9,
          "Lock:tuple": 0.2,
          "IO:XactSync": 0.5,
          "IO:DataFileRead": 0.1,
        },
        [
          { sql: reserve, waits: { "Lock:transactionid": 0.6, CPU: 0.5, "Lock:tuple": 0.1 } },
          { sql: refill, waits: { "Lock:transactionid": 0.3, CPU: 0.4, "Lock:tuple": 0.1 } },
          {
            sql: "SELECT * FROM order_lines WHERE order_id = $1",
            waits: { CPU: 0.8, "IO:DataFileRead": 0.1 },
          },
          { sql: "COMMIT", waits: { "IO:XactSync": 0.5 } },
        ],
        { orders_api: 2.9, replenishment: 1.5 },
      ),
      logs: [
        errorLog(Array.from({ length: 48 }, (_, number) => deadlock(13 - number * 0.25, number)).flat(), 1.2),
      ],
      alarm: above("Deadlocks", 0.02, [0.067, 0.05, 0.083], since - 4),
      way: "probe-failed",
    };
  },
});
