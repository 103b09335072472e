import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, usual, withDays } from "../support/outside/curves.ts";
import { daysApart } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { fillsUp } from "../support/outside/saws.ts";

const [writer, reader] = ["lessons-db-1", "lessons-db-2"];
const gib = 1024 ** 3;
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "lessons-db",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A replication task reconnected without its settings and left a REPEATABLE READ transaction open nine hours ago: nothing is purged, and each read walks more old versions",
  world: (dice) => {
    const since = dice.number(545, 560);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("lessons-db", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 260, cpu: 34, iops: 900 }),
        ),
        ...calmReader(reader, 64),
        RollbackSegmentHistoryListLength: fillsUp(usual(140), since, 12_400, 40e6),
        TransactionAgeMaximum: (at) => (at > since ? 2.1 : (since - at) * 60),
        CPUUtilization: daysApart(moves(34, 63, since), 33.6, 33),
        DBLoad: daysApart(moves(2.7, 5.9, since), 2.7, 2.6),
        DBLoadCPU: daysApart(moves(2.1, 5, since), 2.1, 2),
        DBLoadNonCPU: daysApart(moves(0.6, 0.9, since), 0.6, 0.6),
        SelectLatency: daysApart(moves(0.6, 3.1, since), 0.6, 0.6),
        DMLLatency: daysApart(moves(1.4, 2.6, since), 1.4, 1.4),
        VolumeBytesUsed: daysApart(moves(310 * gib, 341 * gib, since), 309.6 * gib, 304 * gib),
      },
      events: [],
      load: loadOf(
        { CPU: 5, "wait/io/aurora_redo_log_flush": 0.4, "wait/io/table/sql/handler": 0.4 },
        [
          {
            sql: "SELECT `id` , `payload` FROM `progress_queue` WHERE `state` = ? ORDER BY `id` LIMIT ?",
            waits: { CPU: 2.9, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "UPDATE `user_levels` SET `attempts` = ? , `best_result` = ? WHERE `id` = ?",
            waits: { CPU: 0.9, "wait/io/aurora_redo_log_flush": 0.3 },
          },
          { sql: "SELECT * FROM `user_levels` WHERE `user_id` = ? AND `script_id` = ?", waits: { CPU: 0.8 } },
        ],
        { lessons_web: 4.1, lessons_worker: 1.6 },
      ),
      alarm: above("SelectLatency", 2.5, [2.6, 2.7, 2.6], 61),
      alsoAlarms: [
        above("RollbackSegmentHistoryListLength", 2_000_000, [2_009_000, 2_021_000, 2_034_000], since - 165),
      ],
      way: "probe-failed",
    };
  },
});
