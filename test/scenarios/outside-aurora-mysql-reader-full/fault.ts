import { calmAurora } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["books-writer", "books-reader"] as const;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "books",
};

export const scenario = defineOutside({
  engine: "mysql",
  title: "A month's statement of every customer at once fills the CPU of the only reader, the writer is well",
  world: (dice) => {
    const adding = dice.number(15, 18);
    return {
      instances: [instanceOf(ids[1], of), instanceOf(ids[0], of)],
      cluster: clusterOf("books", ids, { Engine: "aurora-mysql", EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 61, cpu: 22, iops: 300 }),
        AuroraReplicaLagMaximum: () => null,
        AuroraReplicaLag: moves(18, 64, 22),
        RollbackSegmentHistoryListLength: () => null,
        CommitThroughput: () => 0,
        CommitLatency: () => 0,
        DMLLatency: () => 0,
        WriteIOPS: usual(2),
        CPUUtilization: steps(22, 98, 22),
        SelectLatency: steps(0.9, 148, 22),
        DatabaseConnections: steps(61, 84, 22),
        ReadIOPS: steps(120, 310, 22),
        Queries: steps(610, 180, 22),
        DBLoad: steps(0.4, adding + 2, 22),
        DBLoadCPU: steps(0.3, adding + 1.4, 22),
        DBLoadNonCPU: steps(0.1, 0.6, 22),
        [`${ids[0]}/CPUUtilization`]: usual(34),
        [`${ids[0]}/DatabaseConnections`]: usual(120),
        [`${ids[0]}/FreeableMemory`]: usual(3.9 * 1024 ** 3),
        [`${ids[0]}/DBLoad`]: usual(0.8),
        [`${ids[0]}/RollbackSegmentHistoryListLength`]: moves(150, 5200, 22),
      },
      events: [],
      load: loadOf(
        { CPU: adding + 1.4, "io/aurora_respond_to_client": 0.3, "synch/mutex/innodb/buf_pool_mutex": 0.3 },
        [
          {
            sql: "SELECT `l` . `account_id` , SUM ( `l` . `amount` ) FROM `ledger_lines` `l` JOIN `accounts` `a` ON `a` . `id` = `l` . `account_id` WHERE YEAR ( `l` . `booked_on` ) = ? AND MONTH ( `l` . `booked_on` ) = ? GROUP BY `l` . `account_id`",
            waits: { CPU: adding, "synch/mutex/innodb/buf_pool_mutex": 0.3 },
          },
          {
            sql: "SELECT * FROM `accounts` WHERE `customer_id` = ?",
            waits: { CPU: 0.8, "io/aurora_respond_to_client": 0.2 },
          },
        ],
        { statements: adding + 0.4, portal: 1.6 },
      ),
      alarm: above("CPUUtilization", 90, [97.3, 98.6, 98.2], 18),
      way: "probe-failed",
    };
  },
});
