import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "dispatch-a";
const reader = "dispatch-b";
const version = "8.0.mysql_aurora.3.08.0";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: version,
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "dispatch",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody's transaction has been open since the morning: the history list grows and reads grow slower with it",
  world: (dice) => {
    const minutes = dice.number(170, 230);
    const length = dice.number(2_600_000, 3_400_000);
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf("dispatch", [id, reader], { Engine: "aurora-mysql", EngineVersion: version }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 190, cpu: 31, iops: 480 }),
        RollbackSegmentHistoryListLength: moves(150, length, minutes),
        SelectLatency: moves(0.6, 5.1, minutes),
        DMLLatency: moves(1.4, 3.2, minutes),
        CPUUtilization: moves(31, 56, minutes),
        DBLoad: moves(2.5, 7.3, minutes),
        DBLoadCPU: moves(1.9, 4.9, minutes),
        DBLoadNonCPU: moves(0.6, 2.4, minutes),
        DatabaseConnections: steps(190, 197, 40),
        ...calmReader(reader, 64),
      },
      events: [],
      load: loadOf(
        {
          CPU: 4.9,
          "io/table/sql/handler": 1.2,
          "io/aurora_redo_log_flush": 0.7,
          "synch/sxlock/innodb/hash_table_locks": 0.4,
        },
        [
          {
            sql: "SELECT * FROM `job` WHERE `state` = ? ORDER BY `id` LIMIT ? FOR UPDATE SKIP LOCKED",
            waits: { CPU: 2.3, "io/table/sql/handler": 0.6 },
          },
          {
            sql: "SELECT `status` FROM `parcel` WHERE `id` = ?",
            waits: { CPU: 0.8, "io/table/sql/handler": 0.3 },
          },
          {
            sql: "UPDATE `parcel` SET `status` = ? WHERE `id` = ?",
            waits: { CPU: 0.7, "io/aurora_redo_log_flush": 0.5 },
          },
          {
            sql: "INSERT INTO `scan` ( `parcel_id` , `at` ) VALUES (...)",
            waits: { CPU: 0.4, "io/aurora_redo_log_flush": 0.2 },
          },
        ],
        { dispatch: 6.4, workers: 0.7 },
      ),
      alarm: above(
        "RollbackSegmentHistoryListLength",
        1_000_000,
        [1_004_112, 1_018_530, 1_032_904],
        120,
        "Maximum",
      ),
      way: "probe-failed",
    };
  },
});
