import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const [cluster, writer, reader] = ["checkout", "checkout-1", "checkout-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The password of checkout_app was rotated and its pods still have the old one: as their pooled connections come of age, each new one is denied",
  world: (dice) => {
    const rotated = dice.number(36, 39);
    const denied = Array.from({ length: 60 }, (_, index) =>
      mysqlErrorLine(
        6 - index * 0.09,
        2_481_000 + index * 11,
        `[Note] [MY-010926] [Server] Access denied for user 'checkout_app'@'10.4.${index % 2 === 0 ? "18.23" : "33.9"}' (using password: YES)`,
      ),
    );
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-mysql" }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 208, cpu: 36, iops: 0 }),
        ),
        LoginFailures: steps(0, 11.4, rotated),
        // The pools renew a connection each half hour; what other services have stays.
        DatabaseConnections: between(rotated, rotated - 30, 208, 57),
        CPUUtilization: between(rotated, rotated - 30, 36, 17),
        Queries: between(rotated, rotated - 30, 1900, 540),
        CommitThroughput: between(rotated, rotated - 30, 210, 48),
        DBLoad: between(rotated, rotated - 30, 1.4, 0.6),
        DBLoadCPU: between(rotated, rotated - 30, 1.1, 0.5),
        ...calmReader(reader, 32),
      },
      events: nightlyBackup(cluster),
      load: loadOf(
        { CPU: 0.5, "wait/io/redo_log_flush": 0.11 },
        [
          {
            sql: "SELECT `sku` , `available` FROM `stock` WHERE `sku` IN (...)",
            waits: { CPU: 0.29 },
          },
          {
            sql: "UPDATE `stock` SET `available` = `available` - ? WHERE `sku` = ?",
            waits: { "wait/io/redo_log_flush": 0.1, CPU: 0.06 },
          },
        ],
        { stock_sync: 0.52, checkout_app: 0.09 },
      ),
      logs: [mysqlErrorLog(denied, 0.7)],
      changes: [
        {
          at: ago(60 * 24 * 20).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "ModifyDBCluster",
          by: "terraform",
          detail: `dBClusterIdentifier=${cluster}, enableCloudwatchLogsExports=["error","slowquery"], applyImmediately=true`,
          error: null,
        },
      ],
      alarm: above("LoginFailures", 2, [11.2, 11.5, 11.3], rotated - 4),
      way: "probe-failed",
    };
  },
});
