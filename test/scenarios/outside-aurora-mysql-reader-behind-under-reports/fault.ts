import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const reader = "stores-ro";
const writer = "stores-rw";
const engine = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.07.1" };
const report =
  "SELECT `m` . `store_id` , `a` . `category_id` , SUM ( `m` . `qty` * `m` . `unit_cost` ) FROM `stock_moves` `m` JOIN `articles` `a` ON `a` . `id` = `m` . `article_id` WHERE DATE ( `m` . `booked_at` ) BETWEEN ? AND ? GROUP BY `m` . `store_id` , `a` . `category_id`";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Stocktaking reports take both vCPUs of a small reader, which falls so far behind its writer that Aurora starts it again",
  world: (dice) => {
    const began = dice.number(57, 60);
    const restart = 29;
    const reports = 13;
    const busy = (ago: number): boolean => ago <= began && (ago > restart || ago <= restart - 3);
    return {
      instances: [
        instanceOf(reader, { ...engine, DBInstanceClass: "db.r5.large", DBClusterIdentifier: "stores" }),
        instanceOf(writer, { ...engine, DBInstanceClass: "db.r5.2xlarge", DBClusterIdentifier: "stores" }),
      ],
      cluster: clusterOf("stores", [writer, reader], engine),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 52, cpu: 27, iops: 260 }),
        ...calmReader(writer, 64),
        [`${writer}/CPUUtilization`]: usual(33),
        [`${writer}/WriteIOPS`]: usual(940),
        [`${writer}/WriteThroughput`]: usual(14e6),
        [`${writer}/AuroraReplicaLag`]: () => null,
        AuroraReplicaLagMaximum: () => null,
        RollbackSegmentHistoryListLength: () => null,
        CommitThroughput: () => 0,
        CommitLatency: () => 0,
        DMLLatency: () => 0,
        WriteIOPS: usual(2),
        EngineUptime: (ago) => (ago > restart ? 33 * 86_400 : (restart - ago) * 60),
        CPUUtilization: (ago) => (busy(ago) ? 99.3 : usual(27)(ago)),
        AuroraReplicaLag: (ago) => {
          if (ago > began) return 21;
          const since = ago > restart ? began - ago : restart - 3 - ago;
          return Math.max(24, since * 1900);
        },
        SelectLatency: (ago) => (busy(ago) ? 410 : 1.1),
        Queries: (ago) => (busy(ago) ? 240 : 700),
        DatabaseConnections: (ago) => (busy(ago) ? 71 : 52),
        DBLoad: (ago) => (busy(ago) ? reports + 2.1 : 0.6),
        DBLoadCPU: (ago) => (busy(ago) ? reports + 1.3 : 0.5),
        DBLoadNonCPU: steps(0.1, 0.8, began),
      },
      events: [
        told(reader, restart - 1, "availability", "DB instance restarted"),
        told(
          reader,
          restart,
          "notification",
          "Read Replica has fallen behind the master too much. Restarting MySQL.",
        ),
        told("stores", 620, "backup", "Backing up DB cluster", "cluster"),
      ],
      load: loadOf(
        { CPU: reports + 1.3, "synch/mutex/innodb/buf_pool_mutex": 0.4, "io/table/sql/handler": 0.4 },
        [
          { sql: report, waits: { CPU: reports, "synch/mutex/innodb/buf_pool_mutex": 0.4 } },
          {
            sql: "SELECT * FROM `articles` WHERE `ean` = ?",
            waits: { CPU: 0.6, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "SELECT `qty` FROM `stock` WHERE `store_id` = ? AND `article_id` = ?",
            waits: { CPU: 0.5, "io/table/sql/handler": 0.2 },
          },
        ],
        { stocktaking: reports + 0.4, tills: 1.6 },
      ),
      alarm: above("AuroraReplicaLag", 10_000, [11_840, 13_615, 15_420], 20),
      way: "probe-failed",
    };
  },
});
