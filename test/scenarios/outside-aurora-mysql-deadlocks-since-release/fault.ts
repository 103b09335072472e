import { calmAurora } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const cluster = "orders-eu";
const writer = "orders-eu-1";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release books two rows in changing order: deadlocks by the second since, in a month's busiest hour",
  world: (dice) => {
    const since = dice.number(19, 26);
    const perSecond = dice.number(3, 6);
    const load = 6.4;
    return {
      instances: [
        instanceOf(writer, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.08.1",
          DBInstanceClass: "db.r6g.2xlarge",
          DBClusterIdentifier: cluster,
        }),
      ],
      cluster: clusterOf(cluster, [writer], { Engine: "aurora-mysql" }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 210, cpu: 31, iops: 700 }),
        Deadlocks: (ago) => (ago > since ? 0 : perSecond * (0.9 + (0.2 * ((Math.round(ago) * 7) % 5)) / 4)),
        BlockedTransactions: steps(0, 11, since),
        // Busier than a day ago, too: the campaign began before the release.
        CPUUtilization: steps(36, 41, 75),
        Queries: steps(1900, 2350, 75),
        DatabaseConnections: steps(210, 244, since),
        DMLLatency: steps(1.4, 17, since),
        SelectLatency: usual(0.7),
        CommitThroughput: steps(210, 172, since),
        DBLoad: steps(2.6, load, since),
        DBLoadCPU: steps(2.1, 2.6, since),
        DBLoadNonCPU: steps(0.5, load - 2.6, since),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        {
          "synch/cond/innodb/row_lock_wait_cond": 2.9,
          CPU: 2.6,
          "io/redo_log_flush": 0.5,
          "wait/io/table/sql/handler": 0.4,
        },
        [
          {
            sql: "UPDATE `stock` SET `reserved` = `reserved` + ? WHERE `sku` = ?",
            waits: { "synch/cond/innodb/row_lock_wait_cond": 2.9, CPU: 0.3 },
          },
          { sql: "SELECT * FROM `orders` WHERE `id` = ?", waits: { CPU: 0.9 } },
          { sql: "SELECT `sku` , `price` FROM `prices` WHERE `sku` IN (...)", waits: { CPU: 0.6 } },
          { sql: "INSERT INTO `order_lines` VALUES (...)", waits: { CPU: 0.4, "io/redo_log_flush": 0.3 } },
        ],
        { checkout: 5.1, backoffice: 1.2 },
      ),
      alarm: above("Deadlocks", 1, [perSecond, perSecond * 1.04, perSecond * 0.97], since - 4),
      way: "probe-failed",
    };
  },
});
