import { calmRds } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog, slowLog } from "../support/outside/mysql-log.ts";

const id = "loyalty-prod";
const lookup =
  "SELECT `v` . * FROM `loyalty_vouchers` `v` WHERE `v` . `customer_email` = ? AND `v` . `redeemed_at` IS NULL ORDER BY `v` . `created_at` DESC LIMIT ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release looks vouchers up by a column without an index: 2.9 million rows are read for each answer, all in memory, and four vCPUs are full",
  world: (dice) => {
    const since = dice.number(36, 44);
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 212,
        connections: 96,
        cpu: 29,
        iops: 540,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(29, 97.6, since),
        DatabaseConnections: turns(usual(96), since, 151),
        DBLoad: steps(1.2, 18.4, since),
        DBLoadCPU: steps(0.9, 17.1, since),
        DBLoadNonCPU: steps(0.3, 1.3, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 17.1,
          "wait/io/table/sql/handler": 0.7,
          "wait/io/redo_log_flush": 0.4,
          "wait/io/socket/sql/client_connection": 0.2,
        },
        [
          { sql: lookup, waits: { CPU: 15.8, "wait/io/table/sql/handler": 0.5 } },
          {
            sql: "SELECT `p` . `points` FROM `point_balances` `p` WHERE `p` . `customer_id` = ?",
            waits: { CPU: 0.6 },
          },
          {
            sql: "UPDATE `point_balances` SET `points` = `points` + ? WHERE `customer_id` = ?",
            waits: { CPU: 0.3, "wait/io/redo_log_flush": 0.3 },
          },
        ],
        { loyalty_api: 17.6, loyalty_jobs: 0.8 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              402,
              88_213,
              "[Note] [MY-010914] [Server] Aborted connection 88213 to db: 'shop' user: 'loyalty_jobs' host: '10.4.33.9' (Got timeout reading communication packets).",
            ),
          ],
          402,
        ),
        slowLog(
          [9.4, 8.1, 7.7, 6.2, 5.8, 4.1, 3.3, 2.6, 1.9, 1.2].map((minutes, index) => ({
            minutes,
            user: "loyalty_api",
            host: index % 2 === 0 ? "10.4.18.23" : "10.4.33.9",
            thread: 104_220 + index * 13,
            seconds: 4.1 + index * 0.37,
            sent: index % 3,
            examined: 2_914_220 + index * 31,
            sql: `SELECT v.* FROM loyalty_vouchers v WHERE v.customer_email = 'user${index}@example.com' AND v.redeemed_at IS NULL ORDER BY v.created_at DESC LIMIT 20`,
          })),
          1.2,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 6).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "terraform",
          detail: null,
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 85, [97.2, 97.9, 97.4], since - 4),
      way: "probe-failed",
    };
  },
});
