import { calmRds } from "../support/outside/calm.ts";
import { gapped, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "accounts-prod";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The primary's host failed and RDS went over to the standby ten minutes ago; it reads its data in anew, and one service still holds on to the old address",
  world: (dice) => {
    const over = dice.number(9, 11);
    const began = over + 2;
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 190,
        connections: 236,
        cpu: 33,
        iops: 760,
      }),
    );
    const after = (before: number, then: number, now: number) => (ago: number) =>
      ago > began ? (usual(before)(ago) ?? 0) : (between(over, 1, then, now)(ago) ?? 0);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AvailabilityZone: "eu-central-1a",
          SecondaryAvailabilityZone: "eu-central-1b",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          ReadIOPS: after(304, 3400, 1500),
          ReadThroughput: after(5.5e6, 57e6, 26e6),
          ReadLatency: after(0.0007, 0.011, 0.0041),
          DiskQueueDepth: after(0.9, 36, 6),
          CPUUtilization: after(33, 29, 27),
          DatabaseConnections: turns(usual(236), began, 141),
          FreeableMemory: after(7 * 1024 ** 3, 24 * 1024 ** 3, 16 * 1024 ** 3),
          DBLoad: after(1.3, 22, 5),
          DBLoadCPU: after(1, 1.2, 1.1),
          DBLoadNonCPU: after(0.3, 20.8, 3.9),
        },
        began,
        over + 1,
      ),
      events: [
        told(id, began + 1, "failover", "The primary host of the RDS Multi-AZ instance is unhealthy."),
        told(id, began, "failover", "Multi-AZ instance failover started"),
        told(id, over + 1, "availability", "DB instance restarted"),
        told(id, over, "failover", "Multi-AZ instance failover completed"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { "wait/io/file/innodb/innodb_data_file": 8.1, CPU: 1.1 },
        [
          {
            sql: "SELECT * FROM `accounts` WHERE `external_id` = ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 3.9, CPU: 0.3 },
          },
          {
            sql: "SELECT * FROM `entitlements` WHERE `account_id` = ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 2.8, CPU: 0.2 },
          },
        ],
        { accounts_api: 7.1, sessions_api: 2.0 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              over + 1.6,
              0,
              "[System] [MY-010116] [Server] /rdsdbbin/mysql/bin/mysqld (mysqld 8.0.39) starting as process 582",
            ),
            mysqlErrorLine(over + 1.5, 1, "[System] [MY-013576] [InnoDB] InnoDB initialization has started."),
            mysqlErrorLine(over + 1.3, 1, "[Note] [MY-012551] [InnoDB] Database was not shutdown normally!"),
            mysqlErrorLine(over + 1.3, 1, "[Note] [MY-012552] [InnoDB] Starting crash recovery."),
            mysqlErrorLine(
              over + 1.0,
              0,
              "[System] [MY-010931] [Server] /rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '8.0.39'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.",
            ),
          ],
          over + 1,
        ),
      ],
      alarm: above("ReadLatency", 0.005, [0.0112, 0.0108, 0.0101], over - 3),
      way: "probe-failed",
    };
  },
});
