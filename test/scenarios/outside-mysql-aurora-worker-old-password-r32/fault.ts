import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [writer, reader, cluster] = ["billing-1", "billing-2", "billing"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The password of invoice_worker was rotated and its pods still use the old one: they knock four times a second and are denied; others work",
  world: (dice) => {
    const since = dice.number(19, 25);
    return {
      instances: [
        instanceOf(writer, { ...like, PromotionTier: 0 }),
        instanceOf(reader, { ...like, PromotionTier: 1 }),
      ],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 208, cpu: 34, iops: 500 }),
        ),
        ...calmReader(reader, 16),
        LoginFailures: steps(0, 4.3, since),
        ConnectionAttempts: turns(usual(0.4), since, 4.9),
        DatabaseConnections: turns(usual(208), since, 161),
        CPUUtilization: turns(usual(34), since, 29),
        Queries: turns(usual(1900), since, 1640),
        CommitThroughput: turns(usual(210), since, 158),
      },
      events: [told(cluster, 611, "backup", "Automated backup completed", "cluster")],
      load: loadOf(
        { CPU: 0.42, "wait/io/redo_log_flush": 0.1, "wait/io/table/sql/handler": 0.03 },
        [
          { sql: "SELECT * FROM `invoices` WHERE `account_id` = ? LIMIT ?", waits: { CPU: 0.21 } },
          {
            sql: "UPDATE `accounts` SET `balance` = ? WHERE `id` = ?",
            waits: { CPU: 0.08, "wait/io/redo_log_flush": 0.07 },
          },
        ],
        { billing_api: 0.51, reporting: 0.04 },
      ),
      logs: [
        mysqlErrorLog(
          Array.from({ length: 90 }, (_, index) =>
            mysqlErrorLine(
              1.1 - index * 0.004,
              61_200 + index * 4,
              `[Note] [MY-010926] [Server] Access denied for user 'invoice_worker'@'10.4.${18 + (index % 3)}.${20 + (index % 5)}' (using password: YES)`,
            ),
          ),
          0.7,
        ),
      ],
      changes: [
        {
          at: ago(60 * 24 * 4 + 80).toISOString(),
          source: "cloudtrail",
          subject: writer,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "AutoMinorVersionUpgrade=true",
          error: null,
        },
      ],
      alarm: above("LoginFailures", 1, [4.1, 4.4, 4.3], since - 4),
      way: "probe-failed",
    };
  },
});
