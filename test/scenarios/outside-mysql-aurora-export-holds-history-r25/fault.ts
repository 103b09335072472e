import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const [cluster, writer, reader] = ["orders-core", "orders-core-1", "orders-core-2"];
const handler = "wait/io/table/sql/handler";
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "An export in one transaction has read on the writer since seven hours; nothing of what was changed since then can be purged, and the reads of the shop grow slow",
  world: (dice) => {
    const began = dice.number(415, 425);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-mysql" }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 240, cpu: 31, iops: 0 }),
        ),
        RollbackSegmentHistoryListLength: between(began, 0, 140, 3.34e6),
        SelectLatency: between(began, 0, 0.6, 2.1),
        DMLLatency: between(began, 0, 1.4, 2.3),
        CPUUtilization: between(began, 0, 31, 58),
        DBLoad: between(began, 0, 2.6, 5.9),
        DBLoadCPU: between(began, 0, 2, 4),
        DBLoadNonCPU: between(began, 0, 0.6, 1.9),
        ...calmReader(reader, 64),
      },
      events: nightlyBackup(cluster),
      load: loadOf(
        { CPU: 3.7, [handler]: 1.4, "wait/io/redo_log_flush": 0.4 },
        [
          {
            sql: "SELECT `id` , `state` , `changed_at` FROM `order_states` WHERE `order_id` = ? ORDER BY `changed_at` DESC LIMIT ?",
            waits: { CPU: 1.9, [handler]: 0.4 },
          },
          {
            sql: "SELECT /*!40001 SQL_NO_CACHE */ * FROM `order_events`",
            waits: { [handler]: 0.62, CPU: 0.37 },
          },
          {
            sql: "UPDATE `order_states` SET `state` = ? , `changed_at` = NOW ( ) WHERE `id` = ?",
            waits: { CPU: 0.6, "wait/io/redo_log_flush": 0.3 },
          },
          {
            sql: "SELECT * FROM `orders` WHERE `id` = ?",
            waits: { CPU: 0.4, [handler]: 0.1 },
          },
        ],
        { orders_api: 4.5, archive_export: 0.99 },
      ),
      alarm: above("RollbackSegmentHistoryListLength", 1_000_000, [1_004_211, 1_012_160, 1_020_077], 291),
      alsoAlarms: [above("SelectLatency", 2, [2.02, 2.08, 2.05], 9)],
      way: "probe-failed",
    };
  },
});
