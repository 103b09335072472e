import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notGranted } from "../support/outside/late-mysql.ts";
import { openTransaction, sleepsInTransaction } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const writer = "basket-a";
const reader = "basket-b";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "basket",
};
const rows = "synch/cond/innodb/row_lock_wait";
const touch = "UPDATE carts SET touched_at = ?, items = ? WHERE store_id = ? AND state = ?";
const close = "UPDATE carts SET state = ? WHERE store_id = ? AND id = ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A checkout worker sleeps in a transaction that has closed carts; who waits for whom the monitor may not read, transactions it may",
  world: (dice) => {
    const waiting = dice.number(26, 29);
    const minutes = 11;
    const slept = minutes * 60 - 14;
    const waiter = (n: number) => 771_020 + n * 4;
    return {
      instances: [instanceOf(writer, of), instanceOf(reader, of)],
      cluster: clusterOf("basket", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 128, cpu: 34, iops: 410 }),
        ...calmReader(reader, 32),
        CPUUtilization: steps(34, 29, minutes - 1),
        DatabaseConnections: steps(128, 128 + waiting, minutes - 2),
        BlockedTransactions: steps(0, waiting, minutes - 2),
        CommitThroughput: steps(210, 131, minutes - 1),
        Queries: steps(1900, 1450, minutes - 1),
        DMLLatency: steps(1.4, 7200, minutes - 1),
        RollbackSegmentHistoryListLength: moves(140, 31_000, minutes),
        DBLoad: steps(1.4, waiting + 1.9, minutes - 2),
        DBLoadCPU: steps(1.0, 0.9, minutes - 2),
        DBLoadNonCPU: steps(0.4, waiting + 1, minutes - 2),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { [rows]: waiting + 0.3, CPU: 0.9, "io/aurora_redo_log_flush": 0.4, "io/table/sql/handler": 0.3 },
        [
          {
            sql: "UPDATE `carts` SET `touched_at` = ? , `items` = ? WHERE `store_id` = ? AND `state` = ?",
            waits: { [rows]: waiting + 0.3, CPU: 0.1 },
          },
          {
            sql: "SELECT * FROM `cart_lines` WHERE `cart_id` = ?",
            waits: { CPU: 0.4, "io/table/sql/handler": 0.2 },
          },
          { sql: "INSERT INTO `events` VALUES (...)", waits: { CPU: 0.2, "io/aurora_redo_log_flush": 0.4 } },
        ],
        { basket_api: waiting + 1.1, checkout_worker: 0.1, events: 0.7 },
      ),
      alarm: above("DBLoad", 12, [26.8, 28.1, 28.9], 4),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.39",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.39", 2_902_118, 2000)],
          "mysql-metadata-locks": notGranted("metadata_locks"),
          "mysql-connections": [
            groupOf("basket_api", "10.4.18.23", "active", waiting + 1, [26, 48], { waitingOnLock: waiting }),
            groupOf("basket_api", "10.4.18.23", "idle", 88, [2.4, 41]),
            groupOf("events", "10.4.33.9", "idle", 22, [6, 50]),
            groupOf("checkout_worker", "10.4.33.12", "idle-in-transaction", 1, [slept, slept]),
            groupOf("bi_reader", "10.4.40.6", "idle-in-transaction", 1, [1320, 1320]),
            groupOf("checkout_worker", "10.4.33.12", "idle", 13, [4, 33]),
            ownGroup,
          ],
          "mysql-sessions": [
            ...Array.from({ length: waiting }, (_, n) =>
              atWork(waiter(n), "basket_api", 48 - n * 1.6, "InnoDB lock", touch, {
                transactionSeconds: 49 - n * 1.6,
                rowsModified: 0,
              }),
            ),
            atWork(771_200, "basket_api", 0.03, "executing", "SELECT * FROM cart_lines WHERE cart_id = ?"),
            sleepsInTransaction(770_311, "checkout_worker", slept, close),
            sleepsInTransaction(
              765_002,
              "bi_reader",
              1320,
              "SELECT store_id, COUNT(*) FROM carts GROUP BY store_id",
            ),
          ],
          "mysql-row-locks": notGranted("data_lock_waits"),
          "mysql-wait-counters": [
            { rowLockWaits: waiting, threadsRunning: waiting + 3, tables: ["shop.carts"] },
          ],
          "mysql-wait-profile": notGranted("events_waits_current"),
          "mysql-oldest-transaction": [
            openTransaction(765_002, "bi_reader", 1404, { idleSeconds: 1320 }),
            openTransaction(770_311, "checkout_worker", slept + 1, {
              idleSeconds: slept,
              rowsModified: 5,
              rowsLocked: 11,
            }),
            ...Array.from({ length: waiting }, (_, n) =>
              openTransaction(waiter(n), "basket_api", Math.round(49 - n * 1.6), {
                state: "lock-wait",
                rowsLocked: 1,
                query: touch,
              }),
            ),
          ],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
