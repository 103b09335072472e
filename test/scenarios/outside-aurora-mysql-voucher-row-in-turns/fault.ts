import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { byHour, even, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "checkout-writer";
const reader = "checkout-reader";
const since = 18;
const rowLock = "wait/synch/cond/innodb/row_lock_wait";
const described = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.02.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "checkout",
};

const calm = withDays(
  calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 160, cpu: 33, iops: 620 }),
);

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A voucher of a campaign is counted down in one row by every checkout: forty wait in turns for six milliseconds each, and commits go on",
  world: (dice) => {
    const waiting = dice.number(405, 425) / 10;
    return {
      instances: [instanceOf(id, described), instanceOf(reader, described)],
      cluster: clusterOf("checkout", [id, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.02.2",
      }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        CPUUtilization: turns(byHour(33), since, 41),
        DatabaseConnections: turns(byHour(160), since, 217),
        Queries: turns(byHour(1900), since, 2450),
        CommitThroughput: turns(byHour(210), since, 268),
        DMLLatency: turns(byHour(1.4, 0.03), since, 47),
        BlockedTransactions: (ago) => (ago > since ? 0 : waiting),
        RollbackSegmentHistoryListLength: turns(byHour(140), since, 910),
        DBLoad: even(turns(byHour(1.3), since, waiting + 4.5)),
        DBLoadCPU: even(turns(byHour(1), since, 2.6)),
        DBLoadNonCPU: even(turns(byHour(0.3), since, waiting + 1.9)),
        WriteIOPS: turns(byHour(370), since, 470),
      },
      events: [
        told(
          "checkout-params",
          512,
          "configuration change",
          "Updated parameter innodb_lock_wait_timeout to 30 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: loadOf(
        {
          [rowLock]: waiting,
          CPU: 2.6,
          "io/aurora_redo_log_flush": 1.1,
          "wait/io/table/sql/handler": 0.8,
        },
        [
          {
            sql: "UPDATE `voucher_pools` SET `remaining` = `remaining` - ? WHERE `id` = ? AND `remaining` >= ?",
            waits: { [rowLock]: waiting, CPU: 0.4, "io/aurora_redo_log_flush": 0.1 },
          },
          {
            sql: "INSERT INTO `orders` ( `cart_id` , `customer_id` , `cents` , `placed_at` ) VALUES (...)",
            waits: { CPU: 0.4, "io/aurora_redo_log_flush": 0.2 },
          },
          {
            sql: "SELECT * FROM `carts` WHERE `token` = ? LIMIT ?",
            waits: { CPU: 0.7, "wait/io/table/sql/handler": 0.4 },
          },
          { sql: "COMMIT", waits: { CPU: 0.1, "io/aurora_redo_log_flush": 0.7 } },
        ],
        { checkout_web: waiting + 3.9, checkout_jobs: 0.6 },
      ),
      alarm: above("DBLoad", 12, [38.2, 44.7, 46.1], 14),
      alsoAlarms: [above("DMLLatency", 25, [41.3, 48.8, 46.5], 13)],
      way: "probe-failed",
    };
  },
});
