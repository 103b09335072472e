import { calmAurora } from "../support/outside/calm.ts";
import { moves, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [id, cluster] = ["billing-aurora-1", "billing-aurora"];
const version = "8.0.mysql_aurora.3.07.1";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The password of billing_api was rotated, the service still has the old one: each new connection of it is denied, the old ones run out",
  world: (dice) => {
    const since = dice.number(15, 18);
    const before = withDays(
      calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 142, cpu: 33, iops: 300 }),
    );
    const denied = Array.from({ length: 90 }, (_, index) =>
      mysqlErrorLine(
        since - index * 0.17,
        5_120_400 + index * 5,
        `[Note] [MY-010926] [Server] Access denied for user 'billing_api'@'10.4.${index % 2 === 0 ? "18.23" : "33.9"}' (using password: YES)`,
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: version,
          DBInstanceClass: "db.r6g.large",
          DBClusterIdentifier: cluster,
        }),
      ],
      cluster: clusterOf(cluster, [id], { Engine: "aurora-mysql", EngineVersion: version, MultiAZ: false }),
      metrics: {
        ...before,
        LoginFailures: (back) => (back > since ? 0 : 41),
        ConnectionAttempts: steps(2, 44, since),
        DatabaseConnections: (back) => (back > since ? usual(142)(back) : moves(142, 79, since)(back)),
        Queries: (back) => (back > since ? usual(1900)(back) : moves(1900, 1090, since)(back)),
        CommitThroughput: (back) => (back > since ? usual(210)(back) : moves(210, 92, since)(back)),
        CPUUtilization: (back) => (back > since ? usual(33)(back) : moves(33, 25, since)(back)),
      },
      load: loadOf(
        { CPU: 0.4, "wait/io/table/sql/handler": 0.1 },
        [
          {
            sql: "SELECT * FROM `invoices` WHERE `customer_id` = ?",
            waits: { CPU: 0.2, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "SELECT * FROM `plans` WHERE `id` = ?", waits: { CPU: 0.1 } },
        ],
        { portal: 0.3, billing_api: 0.2 },
      ),
      logs: [mysqlErrorLog(denied, 0.5)],
      changes: [
        {
          at: ago(60 * 24 * 1.8).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "ModifyDBCluster",
          by: "terraform",
          detail: `dBClusterIdentifier=${cluster}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: above("LoginFailures", 5, [38.7, 41.2, 40.9], since - 4),
      way: "probe-failed",
    };
  },
});
