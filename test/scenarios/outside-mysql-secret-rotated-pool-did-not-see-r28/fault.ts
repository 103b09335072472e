import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader] = ["orders-1", "orders-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "orders",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The password of orders_app was rotated half an hour ago; the pool retires its connections one by one and is refused each new one",
  world: (dice) => {
    const rotated = dice.number(27, 30);
    const calm = withDays(
      calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 142, cpu: 33, iops: 900 }),
    );
    const refused = Array.from({ length: 44 }, (_, index) =>
      mysqlErrorLine(
        rotated - 1 - index * 0.58,
        910_220 + index * 31,
        `[Note] [MY-010926] [Server] Access denied for user 'orders_app'@'10.4.${18 + (index % 3)}.${20 + (index % 7)}' (using password: YES)`,
      ),
    );
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("orders", [writer, reader], { Engine: "aurora-mysql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 16),
        LoginFailures: (minutes) => (minutes > rotated ? 0 : 6 + (14 * (rotated - minutes)) / rotated),
        DatabaseConnections: between(rotated, 2, 142, 37),
        Queries: between(rotated, 2, 1900, 520),
        CPUUtilization: between(rotated, 2, 33, 15),
        CommitThroughput: between(rotated, 2, 210, 54),
        DBLoad: between(rotated, 2, 0.66, 0.24),
        DBLoadCPU: between(rotated, 2, 0.5, 0.18),
        DBLoadNonCPU: between(rotated, 2, 0.16, 0.06),
      },
      events: [],
      changes: [
        {
          at: ago(1130).toISOString(),
          source: "cloudtrail",
          subject: "orders",
          what: "ModifyDBCluster",
          by: "terraform-ci",
          detail: "dBClusterIdentifier=orders, applyImmediately=true, backupRetentionPeriod=14",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.2, "wait/io/aurora_redo_log_flush": 0.06 },
        [
          {
            sql: "SELECT * FROM order_lines WHERE order_id = ?",
            waits: { CPU: 0.08 },
          },
          {
            sql: "UPDATE orders SET state = ? WHERE id = ?",
            waits: { "wait/io/aurora_redo_log_flush": 0.05 },
          },
        ],
        { orders_app: 0.19, reporting: 0.07 },
      ),
      logs: [mysqlErrorLog(refused, 2)],
      alarm: above("LoginFailures", 5, [8.2, 8.9, 9.6], rotated - 7),
      way: "probe-failed",
    };
  },
});
