import type { LogPortion } from "../../../functions/core/context-ports.ts";
import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "depot-writer";
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "depot",
};
const rowWait = "wait/synch/cond/innodb/row_lock_wait_cond";
const update = "UPDATE `parcels` SET `state` = ?, `scanned_at` = NOW(3) WHERE `tracking_no` = ?";

/** With the time in locks, which is most of it. */
function slowUpdates(): LogPortion {
  const lines = Array.from({ length: 40 }, (_, index) => {
    const at = ago(16 - index * 0.37);
    const seconds = 9.4 + (index % 7) * 2.3;
    return [
      `# Time: ${at.toISOString().replace("Z", "204Z")}`,
      `# User@Host: scanner[scanner] @  [10.4.18.${20 + (index % 9)}]  Id: ${71_200 + index * 5}`,
      `# Query_time: ${seconds.toFixed(6)}  Lock_time: ${(seconds - 0.27).toFixed(6)}  Rows_sent: 0  Rows_examined: 311204`,
      `SET timestamp=${Math.floor(at.getTime() / 1000 - seconds)};`,
      `UPDATE \`parcels\` SET \`state\` = 'OUT', \`scanned_at\` = NOW(3) WHERE \`tracking_no\` = '0034043${4_120_000 + index * 613}';`,
    ];
  }).flat();
  return {
    file: "slowquery/mysql-slowquery.log",
    kind: "slow",
    lastWrittenAt: ago(1).toISOString(),
    truncated: true,
    text: `${lines.join("\n")}\n`,
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "New hand scanners update parcels by tracking number, which has no index: each update reads and locks all 311,204 rows, and they wait for one another",
  world: (dice) => {
    const since = dice.number(43, 48);
    const calm = withDays(
      calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 131, cpu: 22, iops: 420 }),
    );
    return {
      instances: [instanceOf(id, like), instanceOf("depot-reader", like)],
      cluster: clusterOf("depot", [id, "depot-reader"], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.07.1",
      }),
      metrics: {
        ...calm,
        ...calmReader("depot-reader", 32),
        CPUUtilization: turns(usual(22), since, 43),
        DatabaseConnections: turns(usual(131), since, 188),
        BlockedTransactions: turns(() => 0, since, 31),
        RowLockTime: turns(usual(4), since, 31_200),
        DMLLatency: turns(usual(1.4), since, 6900),
        UpdateLatency: turns(usual(1.5), since, 11_400),
        CommitThroughput: turns(usual(210), since, 128),
        RollbackSegmentHistoryListLength: turns(usual(140), since, 410),
        DBLoad: turns(usual(0.9), since, 33.4),
        DBLoadCPU: turns(usual(0.68), since, 1.6),
        DBLoadNonCPU: turns(usual(0.22), since, 31.8),
      },
      events: [told("depot", 660, "backup", "Automated cluster snapshot created", "cluster")],
      changes: [
        {
          at: ago(60 * 24 * 3).toISOString(),
          source: "cloudtrail",
          subject: "depot-reader",
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "promotionTier=1",
          error: null,
        },
      ],
      load: loadOf(
        { [rowWait]: 31.4, CPU: 1.6, "wait/io/aurora_redo_log_flush": 0.4 },
        [
          { sql: update, waits: { [rowWait]: 29.8, CPU: 1.1 } },
          {
            sql: "INSERT INTO `parcels` (`tracking_no`, `route_id`, `state`) VALUES (?, ?, ?)",
            waits: { [rowWait]: 1.6, "wait/io/aurora_redo_log_flush": 0.2 },
          },
          {
            sql: "SELECT `route_id`, COUNT(*) FROM `stops` WHERE `depot_id` = ? GROUP BY `route_id`",
            waits: { CPU: 0.3 },
          },
        ],
        { scanner: 30.9, depot_api: 2.5 },
      ),
      logs: [slowUpdates()],
      alarm: above("BlockedTransactions", 5, [29, 33, 31], since - 6),
      alsoAlarms: [above("DMLLatency", 500, [6700, 7100, 6800], since - 7)],
      way: "probe-failed",
    };
  },
});
