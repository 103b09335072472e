import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader, cluster] = ["booking-1", "booking-2", "booking"];
const gib = 1024 ** 3;
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody's transaction has stayed open for eleven hours: nothing is purged since, 7.4 million old versions pile up, and reads get slower hour by hour",
  world: (dice) => {
    const opened = dice.number(650, 680);
    const rises = (from: number, to: number) => between(opened, 0, from, to);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, { ...like, PromotionTier: 1 })],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.07.1",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 265, cpu: 37, iops: 480 }),
        ),
        ...calmReader(reader, 64),
        RollbackSegmentHistoryListLength: rises(160, 7.4e6),
        SelectLatency: rises(0.6, 3.3),
        DMLLatency: rises(1.4, 3.9),
        CPUUtilization: rises(37, 64),
        DBLoad: rises(2.6, 6.4),
        DBLoadCPU: rises(2.1, 4.6),
        DBLoadNonCPU: rises(0.5, 1.8),
        BufferCacheHitRatio: rises(99.8, 98.9),
        VolumeBytesUsed: rises(310 * gib, 323 * gib),
        Queries: usual(2100),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        {
          CPU: 4.5,
          "wait/io/table/sql/handler": 1.1,
          "wait/io/aurora_redo_log_flush": 0.4,
          "wait/synch/sxlock/innodb/hash_table_locks": 0.2,
        },
        [
          {
            sql: "SELECT `s` . `id` , `s` . `state` FROM `seats` `s` WHERE `s` . `departure_id` = ? AND `s` . `state` = ? ORDER BY `s` . `row_no` LIMIT ?",
            waits: { CPU: 2.2, "wait/io/table/sql/handler": 0.7 },
          },
          {
            sql: "UPDATE `seats` SET `state` = ? , `held_until` = ? WHERE `id` = ?",
            waits: { CPU: 0.9, "wait/io/aurora_redo_log_flush": 0.3 },
          },
          {
            sql: "SELECT * FROM `departures` WHERE `route_id` = ? AND `leaves_at` BETWEEN ? AND ?",
            waits: { CPU: 0.8, "wait/io/table/sql/handler": 0.2 },
          },
        ],
        { booking_api: 5.4, booking_jobs: 0.8 },
      ),
      changes: [
        {
          at: ago(1130).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "AddTagsToResource",
          by: "finops-tagger",
          detail: 'tags=[{"key":"cost-center","value":"4410"}]',
          error: null,
        },
      ],
      alarm: above("SelectLatency", 3, [3.05, 3.11, 3.24], 9),
      way: "probe-failed",
    };
  },
});
