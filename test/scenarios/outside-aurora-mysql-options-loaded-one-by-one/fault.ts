import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const writer = "catalog-1";
const reader = "catalog-2";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "catalog",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Since a release every product page asks for its options one by one: four times the queries of as many visitors",
  world: (dice) => {
    const released = dice.number(47, 50);
    return {
      instances: [instanceOf(writer, of), instanceOf(reader, of)],
      cluster: clusterOf("catalog", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 161, cpu: 43, iops: 360 }),
        ...calmReader(reader, 32),
        CPUUtilization: steps(43, 93, released),
        DatabaseConnections: steps(161, 177, released),
        Queries: steps(2120, 9480, released),
        SelectLatency: steps(0.6, 0.74, released),
        CommitThroughput: steps(208, 205, released),
        NetworkReceiveThroughput: steps(1.5e6, 4.1e6, released),
        NetworkTransmitThroughput: steps(5.0e6, 8.8e6, released),
        // A reader that was behind for two minutes, long before.
        AuroraReplicaLagMaximum: during(113, 111, 2600, 19),
        [`${reader}/AuroraReplicaLag`]: during(113, 111, 2600, 19),
        DBLoad: steps(1.8, 7.7, released),
        DBLoadCPU: steps(1.3, 6.8, released),
        DBLoadNonCPU: steps(0.5, 0.9, released),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        {
          CPU: 6.8,
          "io/table/sql/handler": 0.5,
          "io/aurora_redo_log_flush": 0.3,
          "io/aurora_respond_to_client": 0.1,
        },
        [
          {
            sql: "SELECT `id` , `product_id` , `kind` , `value` FROM `product_options` WHERE `product_id` = ?",
            waits: { CPU: 5.2, "io/table/sql/handler": 0.2, "io/aurora_respond_to_client": 0.1 },
          },
          {
            sql: "SELECT * FROM `products` WHERE `category_id` = ? AND `visible` = ? ORDER BY `rank` LIMIT ?",
            waits: { CPU: 0.7, "io/table/sql/handler": 0.1 },
          },
          {
            sql: "SELECT * FROM `prices` WHERE `product_id` IN (...)",
            waits: { CPU: 0.4, "io/table/sql/handler": 0.1 },
          },
          {
            sql: "INSERT INTO `cart_items` VALUES (...)",
            waits: { CPU: 0.2, "io/aurora_redo_log_flush": 0.3 },
          },
        ],
        { storefront: 7.0, erp_sync: 0.5, admin: 0.2 },
      ),
      alarm: above("CPUUtilization", 85, [92.4, 93.3, 92.8, 93.9, 93.1], released - 7),
      way: "probe-failed",
    };
  },
});
