import { calmRds } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "erp-copy";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The copy follows a server outside of RDS, which changed the replication account's password; since its receiver had to reconnect it is refused",
  world: (dice) => {
    const since = dice.number(49, 54);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.5",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 260,
            connections: 22,
            cpu: 27,
            iops: 540,
          }),
        ),
        ReplicaLag: turns(usual(1), since, -1),
        CPUUtilization: steps(27, 9, since),
        WriteIOPS: steps(390, 24, since),
        WriteThroughput: steps(7.4e6, 0.3e6, since),
        NetworkReceiveThroughput: steps(2.1e6, 0.2e6, since),
      },
      events: nightlyBackup(id),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since,
              19,
              "[ERROR] [MY-010557] [Repl] Error reading packet from server for channel '': Lost connection to MySQL server during query (server_errno=2013)",
            ),
            mysqlErrorLine(
              since - 0.1,
              19,
              "[Warning] [MY-010897] [Repl] Storing MySQL user name or password information in the connection metadata repository is not secure and is therefore not recommended. Please consider using the USER and PASSWORD connection options for START REPLICA; see the 'START REPLICA Syntax' in the MySQL Manual for more information.",
            ),
            ...Array.from({ length: 40 }, (_, n) =>
              mysqlErrorLine(
                since - 0.2 - n,
                19,
                `[ERROR] [MY-010584] [Repl] Replica I/O for channel '': Error connecting to source 'repl_rds@172.22.6.40:3306'. This was attempt ${n + 1}/86400, with a delay of 60 seconds between attempts. Message: Access denied for user 'repl_rds'@'10.4.31.9' (using password: YES), Error_code: MY-001045`,
              ),
            ),
          ],
          since - 40,
        ),
      ],
      load: loadOf(
        { CPU: 0.2 },
        [
          {
            sql: "SELECT `sku` , SUM ( `qty` ) FROM `stock_moves` WHERE `booked_on` = ? GROUP BY `sku`",
            waits: { CPU: 0.15 },
          },
        ],
        { erp_reports: 0.2 },
      ),
      alarm: below("ReplicaLag", 0, [-1, -1, -1], since - 4),
      way: "probe-failed",
    };
  },
});
