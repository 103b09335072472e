import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [writer, reader] = ["payments-a", "payments-b"];
const restarted = 192;
const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.2" };
const member = { ...version, DBClusterIdentifier: "payments", DBInstanceClass: "db.r6g.2xlarge" };

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Binary logging was switched on for the warehouse three hours ago; with the evening's traffic every commit queues for the binary log",
  world: (dice) => {
    const since = dice.number(38, 43);
    return {
      instances: [instanceOf(writer, member), instanceOf(reader, member)],
      cluster: clusterOf("payments", [writer, reader], version),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 260, cpu: 36, iops: 900 }),
        ),
        ...calmReader(reader, 64),
        EngineUptime: (minutes) =>
          minutes < restarted ? (restarted - minutes) * 60 : 41 * 86_400 - minutes * 60,
        CommitLatency: (minutes) => (minutes > since ? (minutes > restarted ? 2.4 : 6.8) : 33),
        CommitThroughput: steps(520, 430, since),
        DMLLatency: steps(1.4, 1.7, since),
        DBLoad: moves(3.4, 17.2, since),
        DBLoadCPU: usual(2.3),
        DBLoadNonCPU: moves(1.1, 14.8, since),
        DatabaseConnections: steps(260, 312, since),
        CPUUtilization: usual(38),
      },
      events: [
        told(writer, restarted, "availability", "DB instance restarted"),
        told(writer, restarted + 1, "availability", "DB instance shutdown"),
        told(
          "payments-params",
          restarted + 14,
          "configuration change",
          "Updated parameter binlog_format to ROW with apply method pending-reboot",
          "parameter-group",
        ),
        told("payments", 640, "backup", "Automated backup of DB cluster finished", "cluster"),
      ],
      changes: [
        {
          at: ago(restarted + 2).toISOString(),
          source: "cloudtrail",
          subject: writer,
          what: "RebootDBInstance",
          by: "m.ferrari",
          detail: `dBInstanceIdentifier=${writer}`,
          error: null,
        },
        {
          at: ago(restarted + 14).toISOString(),
          source: "cloudtrail",
          subject: "payments-params",
          what: "ModifyDBClusterParameterGroup",
          by: "m.ferrari",
          detail:
            'dBClusterParameterGroupName=payments-params, parameters=[{"parameterName":"binlog_format","parameterValue":"ROW","applyMethod":"pending-reboot"}]',
          error: null,
        },
      ],
      load: loadOf(
        {
          "synch/cond/sql/MYSQL_BIN_LOG::COND_done": 9.6,
          "io/file/sql/binlog": 3.1,
          CPU: 2.3,
          "io/aurora_redo_log_flush": 1.4,
        },
        [
          {
            sql: "COMMIT",
            waits: {
              "synch/cond/sql/MYSQL_BIN_LOG::COND_done": 8.1,
              "io/file/sql/binlog": 2.7,
              "io/aurora_redo_log_flush": 1.1,
            },
          },
          {
            sql: "INSERT INTO `ledger_entries` ( `account_id` , `amount` , `kind` ) VALUES (...)",
            waits: { "synch/cond/sql/MYSQL_BIN_LOG::COND_done": 1.2, CPU: 0.6, "io/file/sql/binlog": 0.3 },
          },
          { sql: "SELECT * FROM `accounts` WHERE `id` = ?", waits: { CPU: 0.9 } },
        ],
        { payments_api: 14.1, payouts: 2.3 },
      ),
      alarm: above("CommitLatency", 20, [28.4, 31.9, 33.2], since - 4),
      way: "probe-failed",
    };
  },
});
