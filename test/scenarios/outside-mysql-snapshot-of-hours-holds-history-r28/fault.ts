import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader] = ["booking-1", "booking-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "booking",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "An export in one transaction of seven hours keeps every old row version since; nothing is purged, and each read of hot rows walks longer chains",
  world: (dice) => {
    const began = dice.number(425, 438);
    const calm = withDays(
      calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 310, cpu: 35, iops: 1800 }),
    );
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("booking", [writer, reader], { Engine: "aurora-mysql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 64),
        CommitThroughput: () => 152,
        RollbackSegmentHistoryListLength: between(began, 0, 900, began * 60 * 152),
        TransactionAgeMaximum: (minutes) => (minutes > began ? 2 : (began - minutes) * 60),
        SelectLatency: between(220, 0, 0.6, 4.6),
        DMLLatency: between(220, 0, 1.4, 3.9),
        CPUUtilization: between(260, 0, 35, 66),
        DBLoad: between(260, 0, 2.8, 7.1),
        DBLoadCPU: between(260, 0, 2.1, 5.6),
        DBLoadNonCPU: between(260, 0, 0.7, 1.5),
        BufferCacheHitRatio: between(260, 0, 99.8, 98.4),
        VolumeBytesUsed: between(began, 0, 310e9, 331e9),
      },
      events: [],
      changes: [
        {
          at: ago(1020).toISOString(),
          source: "cloudtrail",
          subject: writer,
          what: "AddTagsToResource",
          by: "terraform-ci",
          detail: "resourceName=booking-1",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 5.6, "wait/io/aurora_redo_log_flush": 0.5, "wait/io/table/sql/handler": 0.9 },
        [
          {
            sql: "SELECT * FROM availability WHERE hotel_id = ? AND day BETWEEN ? AND ?",
            waits: { CPU: 3.9, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "UPDATE availability SET rooms_left = rooms_left - ? WHERE hotel_id = ? AND day = ?",
            waits: { CPU: 0.8, "wait/io/aurora_redo_log_flush": 0.4 },
          },
          {
            sql: "SELECT /*!40001 SQL_NO_CACHE */ * FROM `rate_history`",
            waits: { "wait/io/table/sql/handler": 0.5, CPU: 0.3 },
          },
        ],
        { booking_app: 6.1, export_dump: 0.8 },
      ),
      alarm: above("SelectLatency", 4, [4.21, 4.28, 4.33], 14),
      alsoAlarms: [
        above("RollbackSegmentHistoryListLength", 3e6, [3_012_400, 3_021_700, 3_030_900], began - 329),
      ],
      way: "probe-failed",
    };
  },
});
