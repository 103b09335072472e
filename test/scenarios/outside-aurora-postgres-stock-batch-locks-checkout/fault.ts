import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const cluster = "store";
const [writer, reader] = ["store-writer", "store-reader-1"];
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The supplier's feed is written to all stock levels in one statement, and each checkout waits for the rows that it has",
  world: (dice) => {
    const since = dice.number(11, 13);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 74, cpu: 29, iops: 85 }),
        ...calmReader(reader, 16),
        CPUUtilization: steps(29, 55, since),
        DatabaseConnections: moves(74, 152, since),
        DBLoad: (ago) => (ago > since ? 0.6 : 41 - ago * 3),
        DBLoadCPU: steps(0.45, 1.1, since),
        DBLoadNonCPU: (ago) => (ago > since ? 0.14 : 40 - ago * 3),
        CommitThroughput: steps(96, 31, since),
        WriteIOPS: steps(51, 420, since),
        WriteThroughput: steps(1.07e6, 8.8e6, since),
        Deadlocks: usual(0),
      },
      events: [],
      load: loadOf(
        {
          "Lock:transactionid": 17.6,
          "Lock:tuple": 3.9,
          CPU: 1.1,
          "IO:DataFileRead": 0.3,
          "IO:XactSync": 0.1,
        },
        [
          {
            sql: "UPDATE stock_levels SET reserved = reserved + ? WHERE sku = ? AND warehouse_id = ?",
            waits: { "Lock:transactionid": 17.6, "Lock:tuple": 3.9, CPU: 0.1 },
          },
          {
            sql: "UPDATE stock_levels s SET on_hand = f . quantity , updated_at = now ( ) FROM supplier_feed f WHERE f . sku = s . sku AND f . warehouse_id = s . warehouse_id",
            waits: { CPU: 0.7, "IO:DataFileRead": 0.28 },
          },
          { sql: "SELECT id , title FROM products WHERE id = ?", waits: { CPU: 0.2 } },
        ],
        { checkout: 21.7, erp_sync: 0.98, web: 0.3 },
      ),
      alarm: above("DBLoad", 8, [11.8, 15.1, 17.9], since - 6),
      alsoAlarms: [above("DatabaseConnections", 120, [123, 129, 135], 4)],
      way: "probe-failed",
    };
  },
});
