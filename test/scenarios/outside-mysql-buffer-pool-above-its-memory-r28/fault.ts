import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "invoicing";
const group = "invoicing-params";

/** What fills again after each start, the newest last, and what it was like before the first. */
function sinceStart(before: number, starts: readonly number[], of: (minutes: number) => number): Curve {
  return (minutes) => {
    const last = starts.findLast((start) => start >= minutes);
    return last === undefined ? before : of(last - minutes);
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Since yesterday the buffer pool may take 92 % of the memory; the server swaps, was killed twice today, and is nearly there again",
  world: (dice) => {
    const killed = dice.number(63, 69);
    const starts = [1290, 304, killed];
    const calm = withDays(
      calmRds({ engine: "mysql", vcpus: 2, memoryGib: 8, connections: 96, cpu: 34, iops: 540 }),
    );
    const metrics = withoutInsights({
      ...calm,
      FreeableMemory: sinceStart(1.5 * gib, starts, (up) => (70 + 3600 * Math.exp(-up / 11)) * mib),
      SwapUsage: sinceStart(9 * mib, starts, (up) => Math.min(1460, 4 + Math.max(0, up - 25) * 21) * mib),
      ReadIOPS: sinceStart(216, starts, (up) => 260 + 1500 * Math.exp(-up / 9)),
    });
    const restart = (minutes: number, pid: number) => [
      mysqlErrorLine(
        minutes,
        0,
        `[System] [MY-010116] [Server] /rdsdbbin/mysql/bin/mysqld (mysqld 8.0.40) starting as process ${pid}`,
      ),
      mysqlErrorLine(minutes, 1, "[System] [MY-013576] [InnoDB] InnoDB initialization has started."),
      mysqlErrorLine(minutes, 1, "[Note] [MY-012551] [InnoDB] Database was not shutdown normally!"),
      mysqlErrorLine(minutes, 1, "[Note] [MY-012552] [InnoDB] Starting crash recovery."),
      mysqlErrorLine(minutes - 0.3, 1, "[System] [MY-013577] [InnoDB] InnoDB initialization has ended."),
      mysqlErrorLine(
        minutes - 0.5,
        0,
        "[System] [MY-010931] [Server] /rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '8.0.40'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.",
      ),
    ];
    const critical = (minutes: number) =>
      told(
        id,
        minutes,
        "notification",
        "A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of innodb_buffer_pool_size to 6442450944.",
      );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.large",
          PerformanceInsightsEnabled: false,
          DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: gapped(gapped(metrics, killed + 3, killed + 1), 307, 305),
      events: [
        told(id, killed, "availability", "DB instance restarted"),
        told(id, killed + 1, "recovery", "Recovery of the DB instance is complete."),
        told(
          id,
          killed + 3,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        critical(killed + 6),
        told(id, 304, "availability", "DB instance restarted"),
        told(id, 305, "recovery", "Recovery of the DB instance is complete."),
        told(
          id,
          307,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        critical(311),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(1291).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "j.lindqvist",
          detail: "dBInstanceIdentifier=invoicing",
          error: null,
        },
        {
          at: ago(1296).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "j.lindqvist",
          detail:
            'dBParameterGroupName=invoicing-params, parameters=[{"parameterName":"innodb_buffer_pool_size","parameterValue":"{DBInstanceClassMemory*92/100}","applyMethod":"pending-reboot"}]',
          error: null,
        },
      ],
      logs: [mysqlErrorLog([...restart(306, 611), ...restart(killed + 2, 598)], killed + 1)],
      alarm: below("FreeableMemory", 200 * mib, [189_400_000, 181_900_000, 174_600_000], 28),
      way: "probe-failed",
    };
  },
});
