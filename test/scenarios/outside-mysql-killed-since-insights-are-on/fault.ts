import { calmRds } from "../support/outside/calm.ts";
import { gapped, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { cutOff, inPart } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const mib = 1024 ** 2;
const id = "members-club";
const version = "8.0.36";
const enabled = 1262;
const first = 131;
const ready = `/rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '${version}'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.`;

/** What is free falls while the server runs, and is there again once it was killed. */
const free = (second: number) => (minutes: number) => {
  if (minutes > enabled) return 560 * mib;
  if (minutes > first) return between(enabled - 12, first, 390 * mib, 61 * mib)(minutes);
  if (minutes > second) return between(first - 3, second, 430 * mib, 58 * mib)(minutes);
  return between(second - 2, 0, 520 * mib, 118 * mib)(minutes);
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Performance Insights came on yesterday on four gibibytes; the server has been killed for memory twice since, and is short again",
  world: (dice) => {
    const second = dice.number(15, 17);
    const metrics = {
      ...withDays(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 4,
          freeGib: 61,
          connections: 86,
          cpu: 24,
          iops: 180,
        }),
      ),
      FreeableMemory: Object.assign(free(second), { rough: 0.02 }),
      SwapUsage: (minutes: number) =>
        minutes > enabled ? 22 * mib : between(enabled, first, 60 * mib, 880 * mib)(minutes),
      CPUCreditBalance: () => 540,
      CPUSurplusCreditBalance: () => 0,
      DatabaseConnections: (minutes: number) =>
        minutes > second ? 86 : between(second - 2, 6, 12, 84)(minutes),
      CPUUtilization: steps(24, 37, second),
      ReadIOPS: steps(72, 310, second),
      DBLoad: steps(0.5, 1.3, second),
      DBLoadCPU: steps(0.4, 0.6, second),
      DBLoadNonCPU: steps(0.1, 0.7, second),
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: version,
          DBInstanceClass: "db.t3.medium",
          AllocatedStorage: 100,
        }),
      ],
      metrics: gapped(gapped(metrics, first + 1, first - 3), second + 1, second - 2),
      events: [
        told(id, second - 2, "availability", "DB instance restarted"),
        told(id, second - 2, "recovery", "Recovery of the DB instance is complete."),
        told(
          id,
          second,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        told(
          id,
          second + 6,
          "notification",
          "A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of innodb_buffer_pool_size to 1610612736.",
        ),
        told(id, first - 3, "availability", "DB instance restarted"),
        told(id, first - 3, "recovery", "Recovery of the DB instance is complete."),
        told(
          id,
          first,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        told(id, enabled - 12, "availability", "DB instance restarted"),
        told(id, enabled - 11, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(enabled - 10).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "observability-rollout",
          detail: `dBInstanceIdentifier=${id}`,
          error: null,
        },
        {
          at: ago(enabled).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "observability-rollout",
          detail: `dBInstanceIdentifier=${id}, enablePerformanceInsights=true, performanceInsightsRetentionPeriod=7, applyImmediately=true`,
          error: null,
        },
      ],
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              first - 2,
              0,
              `[System] [MY-010116] [Server] /rdsdbbin/mysql/bin/mysqld (mysqld ${version}) starting as process 611`,
            ),
            mysqlErrorLine(first - 3, 0, `[System] [MY-010931] [Server] ${ready}`),
            mysqlErrorLine(
              second - 1,
              0,
              `[System] [MY-010116] [Server] /rdsdbbin/mysql/bin/mysqld (mysqld ${version}) starting as process 598`,
            ),
            mysqlErrorLine(second - 1, 1, "[System] [MY-013576] [InnoDB] InnoDB initialization has started."),
            mysqlErrorLine(second - 2, 0, `[System] [MY-010931] [Server] ${ready}`),
          ],
          second - 2,
        ),
      ],
      load: loadOf(
        { CPU: 0.6, "io/file/innodb/innodb_data_file": 0.5, "io/table/sql/handler": 0.2 },
        [
          {
            sql: "SELECT * FROM `members` WHERE `card_no` = ?",
            waits: { CPU: 0.2, "io/file/innodb/innodb_data_file": 0.3 },
          },
          {
            sql: "SELECT `id` , `points` FROM `purchases` WHERE `member_id` = ? ORDER BY `at` DESC LIMIT ?",
            waits: { CPU: 0.2, "io/file/innodb/innodb_data_file": 0.2 },
          },
        ],
        { club_web: 0.9, tills: 0.4 },
      ),
      alarm: below("FreeableMemory", 134_217_728, [127_100_000, 121_900_000, 118_400_000], second + 4),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 8,
        signInMs: 1840,
        answers: {
          "mysql-server": [serverOf(version, (second - 2) * 60 - 7, 320)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("club_web", "10.4.18.23", "idle", 51, [4, 66]),
            groupOf("club_web", "10.4.18.23", "active", 2, [0.1, 0.3]),
            groupOf("tills", "10.4.33.9", "idle", 31, [14, 180]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(402, "club_web", 0.3, "executing", "SELECT * FROM members WHERE card_no = ?"),
            atWork(417, "club_web", 0.1, "statistics", "SELECT * FROM members WHERE card_no = ?"),
          ],
          "mysql-row-locks": [nobodyWaits],
        },
        rest: cutOff,
      }),
    };
  },
});
