import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog, slowLog } from "../support/outside/mysql-log.ts";

const [writer, reader] = ["promo-db-1", "promo-db-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.1",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "promo-db",
};
const digest =
  "SELECT `id` , `coupon_id` , `redeemed_at` FROM `coupon_redemptions` WHERE `customer_email` = ? AND `redeemed_at` > ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The new version looks coupons up by customer_email, which coupon_redemptions has no index for: each look-up reads 8.4 million rows, and the two vCPUs are full of them",
  world: (dice) => {
    const since = dice.number(44, 49);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("promo-db", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 138, cpu: 31, iops: 260 }),
        ),
        ...calmReader(reader, 16),
        CPUUtilization: even(turns(usual(31), since, 99.2)),
        DBLoad: steps(0.62, 19.4, since),
        DBLoadCPU: steps(0.48, 18.6, since),
        DBLoadNonCPU: steps(0.14, 0.8, since),
        SelectLatency: steps(0.6, 38, since),
        DMLLatency: steps(1.4, 7.9, since),
        CommitLatency: steps(2.4, 6.1, since),
        Queries: steps(1900, 1270, since),
        DatabaseConnections: steps(138, 231, since),
      },
      events: [],
      load: loadOf(
        { CPU: 18.6, "wait/io/table/sql/handler": 0.5, "wait/io/aurora_redo_log_flush": 0.2 },
        [
          { sql: digest, waits: { CPU: 17.2, "wait/io/table/sql/handler": 0.4 } },
          { sql: "SELECT * FROM `coupons` WHERE `code` = ?", waits: { CPU: 0.7 } },
          {
            sql: "INSERT INTO `coupon_redemptions` ( `coupon_id` , `customer_email` , `order_id` , `redeemed_at` ) VALUES (...)",
            waits: { CPU: 0.3, "wait/io/aurora_redo_log_flush": 0.2 },
          },
        ],
        { promo_api: 18.9, promo_admin: 0.3 },
      ),
      logs: [
        slowLog(
          [9, 8, 7, 6, 5, 4, 3, 2, 1].map((minutes) => ({
            minutes,
            user: "promo_api",
            host: `10.4.18.${20 + minutes}`,
            thread: 881_204 + minutes * 31,
            seconds: 13.2 + (minutes % 4) * 0.9,
            sent: minutes % 3,
            examined: 8_412_000 + (10 - minutes) * 37,
            sql: `SELECT id, coupon_id, redeemed_at FROM coupon_redemptions WHERE customer_email = 'c${minutes}@example.com' AND redeemed_at > '2026-01-01'`,
          })),
          1,
        ),
        mysqlErrorLog(
          [
            mysqlErrorLine(
              212,
              0,
              "[Warning] [MY-010055] [Server] IP address '10.4.33.9' could not be resolved: Name or service not known",
            ),
            mysqlErrorLine(
              31,
              880_112,
              "[Note] [MY-010914] [Server] Aborted connection 880112 to db: 'shop' user: 'promo_api' host: '10.4.18.23' (Got an error reading communication packets).",
            ),
          ],
          31,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 5).toISOString(),
          source: "cloudtrail",
          subject: "promo-db",
          what: "ModifyDBCluster",
          by: "terraform",
          detail: "dBClusterIdentifier=promo-db, backupRetentionPeriod=14, applyImmediately=true",
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 90, [98.7, 99.3, 99.1], since - 5),
      alsoAlarms: [above("SelectLatency", 20, [36.2, 39.8, 37.5], since - 4)],
      way: "probe-failed",
    };
  },
});
