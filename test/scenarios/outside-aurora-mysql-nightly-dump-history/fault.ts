import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "members-1";
const reader = "members-2";
const version = "8.0.mysql_aurora.3.05.2";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: version,
  DBInstanceClass: "db.r5.xlarge",
  DBClusterIdentifier: "members",
};

/** The same part of every day. */
function everyDay(minutes: number, inside: Curve, outside: number): Curve {
  return (ago) => (ago % 1440 <= minutes ? inside(ago % 1440) : usual(outside)(ago));
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A nervous CPU alarm while the dump of every night runs: history grows meanwhile, as it did the night before",
  world: (dice) => {
    const minutes = dice.number(19, 27);
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf("members", [id, reader], { Engine: "aurora-mysql", EngineVersion: version }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 96, cpu: 22, iops: 260 }),
        RollbackSegmentHistoryListLength: everyDay(minutes, (ago) => 160 + (minutes - ago) * 2900, 160),
        CPUUtilization: everyDay(minutes, usual(44), 22),
        DBLoad: everyDay(minutes, usual(1.9), 0.9),
        DBLoadCPU: everyDay(minutes, usual(1.5), 0.7),
        DBLoadNonCPU: everyDay(minutes, usual(0.4), 0.2),
        ReadIOPS: everyDay(minutes, usual(1900), 104),
        ReadThroughput: everyDay(minutes, usual(31e6), 1.9e6),
        NetworkTransmitThroughput: everyDay(minutes, usual(26e6), 3e6),
        ...calmReader(reader, 32),
      },
      events: [],
      load: loadOf(
        { CPU: 1.5, "io/table/sql/handler": 0.3, "io/aurora_redo_log_flush": 0.1 },
        [
          {
            sql: "SELECT /*!40001 SQL_NO_CACHE */ * FROM `membership`",
            waits: { CPU: 0.8, "io/table/sql/handler": 0.3 },
          },
          { sql: "SELECT * FROM `member` WHERE `id` = ?", waits: { CPU: 0.3 } },
          {
            sql: "UPDATE `member` SET `seen_at` = ? WHERE `id` = ?",
            waits: { CPU: 0.2, "io/aurora_redo_log_flush": 0.1 },
          },
        ],
        { dumper: 1.1, members: 0.8 },
      ),
      alarm: above("CPUUtilization", 40, [43.6, 44.9, 44.1], 15),
      way: "probe-failed",
    };
  },
});
