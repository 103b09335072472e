import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "store-main";
const reader = "store-read";
const engine = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.2" } as const;
const handler = "wait/io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A product is launched: twice the statements of yesterday, a third of the machine left, nobody waits",
  world: (dice) => {
    const queries = dice.number(7200, 7600);
    return {
      instances: [id, reader].map((name) =>
        instanceOf(name, { ...engine, DBInstanceClass: "db.r6g.2xlarge", DBClusterIdentifier: "store" }),
      ),
      cluster: clusterOf("store", [id, reader], engine),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 260, cpu: 29, iops: 1100 }),
        ),
        ...calmReader(reader, 64),
        Queries: moves(3300, queries, 55),
        CPUUtilization: moves(29, 59, 55),
        DatabaseConnections: moves(260, 420, 55),
        CommitThroughput: moves(260, 510, 55),
        WriteIOPS: moves(660, 1240, 55),
        WriteThroughput: moves(14e6, 26e6, 55),
        NetworkReceiveThroughput: moves(2.6e6, 5.6e6, 55),
        NetworkTransmitThroughput: moves(21e6, 46e6, 55),
        SelectLatency: moves(0.5, 0.56, 55),
        DMLLatency: moves(1.4, 1.5, 55),
        DBLoad: moves(2.4, 5.1, 55),
        DBLoadCPU: moves(1.9, 4.1, 55),
        DBLoadNonCPU: moves(0.5, 1, 55),
      },
      events: [],
      load: loadOf(
        {
          CPU: 3.9,
          [handler]: 0.6,
          "wait/io/redo_log_flush": 0.3,
          "wait/io/socket/sql/client_connection": 0.1,
        },
        [
          { sql: "SELECT * FROM `products` WHERE `handle` = ?", waits: { CPU: 1.1, [handler]: 0.2 } },
          {
            sql: "SELECT `sku` , `price` , `stock` FROM `variants` WHERE `product_id` = ?",
            waits: { CPU: 0.9, [handler]: 0.2 },
          },
          {
            sql: "INSERT INTO `cart_items` ( `cart_id` , `sku` , `qty` ) VALUES (...)",
            waits: { CPU: 0.5, "wait/io/redo_log_flush": 0.2 },
          },
          { sql: "SELECT * FROM `carts` WHERE `token` = ?", waits: { CPU: 0.6, [handler]: 0.1 } },
          {
            sql: "UPDATE `carts` SET `total` = ? WHERE `id` = ?",
            waits: { CPU: 0.4, "wait/io/redo_log_flush": 0.1 },
          },
        ],
        { storefront: 4, checkout: 0.9 },
      ),
      alarm: above("Queries", 5000, [5120, 5203, 5188], 31),
      way: "probe-failed",
    };
  },
});
