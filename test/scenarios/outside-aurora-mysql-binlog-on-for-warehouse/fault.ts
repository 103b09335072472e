import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import {
  above,
  ago,
  clusterOf,
  instanceOf,
  loadOf,
  nightlyBackup,
  told,
} from "../support/outside/described.ts";

const cluster = "catalogue";
const [writer, reader] = ["catalogue-1", "catalogue-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.05.2",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};
const on = 938;

/** Bearable at night, and not by day. */
const since = (before: number, night: number, from: number, day: number): Curve => {
  return (minutes) => (minutes > on ? (usual(before)(minutes) ?? 0) : minutes > from ? night : day);
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The binlog was switched on again last night to feed the warehouse; with the evening's traffic every commit queues for it (real: a shop platform's two hours of outage after its move to Aurora 3)",
  world: (dice) => {
    const peak = dice.number(33, 38);
    return {
      instances: [
        instanceOf(writer, {
          ...like,
          DBParameterGroups: [{ DBParameterGroupName: "catalogue-db", ParameterApplyStatus: "in-sync" }],
        }),
        instanceOf(reader, like),
      ],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: like.Engine,
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 310, cpu: 37, iops: 900 }),
        ),
        ...calmReader(reader, 64),
        CommitLatency: since(2.3, 7.4, peak, 126),
        CommitThroughput: steps(640, 405, peak),
        DMLLatency: since(1.4, 1.9, peak, 3.1),
        DatabaseConnections: steps(310, 688, peak - 2),
        CPUUtilization: steps(37, 31, peak),
        DBLoad: steps(3.6, 54, peak),
        DBLoadCPU: steps(2.3, 2.1, peak),
        DBLoadNonCPU: steps(1.3, 51.9, peak),
        Queries: steps(6200, 4300, peak),
        SumBinaryLogSize: (minutes) => (minutes > on ? 0 : (on - minutes) * 31e6),
        EngineUptime: (minutes) => (minutes > on - 9 ? 71 * 86_400 - minutes * 60 : (on - 9 - minutes) * 60),
      },
      events: [
        told(writer, on - 9, "availability", "DB instance restarted"),
        told(writer, on - 10, "availability", "DB instance shutdown"),
        told(
          "catalogue-params",
          on,
          "configuration change",
          "Updated parameter binlog_format to ROW with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(writer),
      ],
      changes: [
        {
          at: ago(on - 11).toISOString(),
          source: "cloudtrail",
          subject: writer,
          what: "RebootDBInstance",
          by: "data-platform",
          detail: `dBInstanceIdentifier=${writer}`,
          error: null,
        },
        {
          at: ago(on).toISOString(),
          source: "cloudtrail",
          subject: "catalogue-params",
          what: "ModifyDBClusterParameterGroup",
          by: "data-platform",
          detail:
            'dBClusterParameterGroupName=catalogue-params, parameters=[{"parameterName":"binlog_format","parameterValue":"ROW","applyMethod":"pending-reboot"}]',
          error: null,
        },
        {
          at: ago(60 * 24 * 3).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "AddTagsToResource",
          by: "finops",
          detail: 'tags=[{"key":"cost-centre","value":"4410"}]',
          error: null,
        },
      ],
      load: loadOf(
        {
          "synch/cond/sql/MYSQL_BIN_LOG::COND_done": 27.4,
          "synch/mutex/sql/MYSQL_BIN_LOG::LOCK_commit": 13.2,
          "io/file/sql/binlog": 6.1,
          "io/aurora_redo_log_flush": 4.2,
          cpu: 2.1,
          "io/table/sql/handler": 0.9,
        },
        [
          {
            sql: "COMMIT",
            waits: {
              "synch/cond/sql/MYSQL_BIN_LOG::COND_done": 27,
              "synch/mutex/sql/MYSQL_BIN_LOG::LOCK_commit": 13,
              "io/file/sql/binlog": 6,
              "io/aurora_redo_log_flush": 4,
            },
          },
          {
            sql: "SELECT * FROM products WHERE store_id = ? AND slug = ?",
            waits: { cpu: 0.8, "io/table/sql/handler": 0.5 },
          },
          {
            sql: "UPDATE carts SET updated_at = ?, total = ? WHERE id = ?",
            waits: { cpu: 0.6, "io/table/sql/handler": 0.3 },
          },
        ],
        { storefront: 46, admin: 6.9, warehouse_cdc: 0.9 },
      ),
      alarm: above("CommitLatency", 50, [118.4, 127.2, 124.9], peak - 4),
      alsoAlarms: [above("DatabaseConnections", 600, [688, 690, 687], peak - 8)],
      way: "probe-failed",
    };
  },
});
