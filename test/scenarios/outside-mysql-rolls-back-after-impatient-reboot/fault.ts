import { calmRds } from "../support/outside/calm.ts";
import { gapped, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "ledger-core";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody rebooted to be rid of a DELETE of six hours: InnoDB rolls its 212 million rows back in the background, its row locks stay until then, and updates of ledger_entries time out; only waiting helps",
  world: (dice) => {
    const asked = dice.number(36, 39);
    const down = asked - 1;
    const up = asked - 6;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 2000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: gapped(
        {
          ...withDays(
            calmRds({
              engine: "mysql",
              vcpus: 8,
              memoryGib: 64,
              freeGib: 611,
              connections: 212,
              cpu: 31,
              iops: 1500,
            }),
          ),
          CPUUtilization: turns(turns(usual(31), 402, 37), up, 22),
          ReadIOPS: turns(turns(usual(600), 402, 1700), up, 3900),
          WriteIOPS: turns(turns(usual(900), 402, 2600), up, 4700),
          ReadThroughput: turns(turns(usual(11e6), 402, 28e6), up, 64e6),
          WriteThroughput: turns(turns(usual(19e6), 402, 52e6), up, 93e6),
          ReadLatency: usual(0.0009),
          WriteLatency: usual(0.0018),
          DiskQueueDepth: turns(turns(usual(1.8), 402, 4), up, 9.4),
          DatabaseConnections: (at) => (at > down ? 212 : (fillsUp(() => 90, up, 17, 560)(at) ?? 0)),
          DBLoad: turns(turns(usual(2.4), 402, 3.9), up, 142),
          DBLoadCPU: turns(turns(usual(1.8), 402, 2.3), up, 1.4),
          DBLoadNonCPU: turns(turns(usual(0.6), 402, 1.6), up, 140.6),
          FreeableMemory: (at) => (at > down ? 14 : Math.max(14, 46 - (up - at) * 1.2)) * 1024 ** 3,
        },
        down,
        up,
      ),
      events: [
        told(id, up, "availability", "DB instance restarted"),
        told(id, down, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          "wait/io/table/sql/handler": 131,
          "wait/io/file/innodb/innodb_data_file": 7.1,
          CPU: 1.4,
          "wait/io/file/sql/binlog": 0.6,
        },
        [
          {
            sql: "UPDATE ledger_entries SET settled_at = ? WHERE id = ?",
            waits: { "wait/io/table/sql/handler": 118, CPU: 0.2 },
          },
          {
            sql: "DELETE FROM ledger_entries WHERE id = ? AND voided = ?",
            waits: { "wait/io/table/sql/handler": 12.6 },
          },
          { sql: "SELECT balance FROM accounts WHERE id = ?", waits: { CPU: 0.5 } },
        ],
        { ledger_app: 133, rdsadmin: 5.8 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              down,
              0,
              "[System] [MY-013172] [Server] Received SHUTDOWN from user rdsadmin. Shutting down mysqld (Version: 8.0.36).",
            ),
            mysqlErrorLine(
              up + 1.2,
              0,
              "[System] [MY-010116] [Server] /rdsdbbin/mysql/bin/mysqld (mysqld 8.0.36) starting as process 731",
            ),
            mysqlErrorLine(up + 1, 1, "[System] [MY-013576] [InnoDB] InnoDB initialization has started."),
            mysqlErrorLine(
              up + 0.7,
              1,
              "[Note] [MY-013023] [InnoDB] 1 transaction(s) which must be rolled back or cleaned up in total 212338190 row operations to undo",
            ),
            mysqlErrorLine(up + 0.7, 1, "[Note] [MY-013024] [InnoDB] Trx id counter is 88120448"),
            mysqlErrorLine(up + 0.3, 1, "[System] [MY-013577] [InnoDB] InnoDB initialization has ended."),
            mysqlErrorLine(
              up + 0.2,
              0,
              "[Note] [MY-013014] [InnoDB] Starting in background the rollback of uncommitted transactions",
            ),
            mysqlErrorLine(
              up + 0.2,
              0,
              "[Note] [MY-013011] [InnoDB] Rolling back trx with id 88119731, 212338190 rows to undo",
            ),
            mysqlErrorLine(
              up,
              0,
              "[System] [MY-010931] [Server] /rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '8.0.36'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.",
            ),
            "InnoDB: Progress in percents: 1 2 3 4 5 6 7 8 9 10 11",
          ],
          2,
        ),
      ],
      changes: [
        {
          at: ago(asked).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "j.lindqvist",
          detail: `dBInstanceIdentifier=${id}, forceFailover=false`,
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 450, [468, 484, 503], up - 24),
      way: "probe-failed",
    };
  },
});
