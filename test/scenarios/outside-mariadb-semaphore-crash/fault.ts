import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, type Curve, even, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "forum-mariadb";
const crash = 11;

/** MariaDB pads a one-digit hour with a space. */
function line(minutes: number, text: string): string {
  const at = ago(minutes).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19).replace(/^0/, " ")} ${text}`;
}

const log = (): string =>
  [
    line(
      181,
      "391022 [Warning] Aborted connection 391022 to db: 'forum' user: 'forum_web' host: '10.8.2.41' (Got timeout reading communication packets)",
    ),
    line(crash + 6, "0 [Warning] InnoDB: Long wait (242 seconds) for dict_sys.latch"),
    line(crash + 4, "0 [Warning] InnoDB: Long wait (362 seconds) for dict_sys.latch"),
    line(crash + 2, "0 [Warning] InnoDB: Long wait (482 seconds) for dict_sys.latch"),
    line(
      crash,
      "0 [ERROR] [FATAL] InnoDB: innodb_fatal_semaphore_wait_threshold was exceeded for dict_sys.latch. Please refer to https://mariadb.com/kb/en/how-to-produce-a-full-stack-trace-for-mysqld/",
    ),
    line(crash, "[ERROR] mysqld got signal 6 ;").replace(/^\d\d(\d\d)-(\d\d)-(\d\d)/, "$1$2$3"),
    "This could be because you hit a bug. It is also possible that this binary",
    "or one of the libraries it was linked against is corrupt, improperly built,",
    "or misconfigured. This error can also be caused by malfunctioning hardware.",
    line(crash - 1, "0 [Note] InnoDB: Compressed tables use zlib 1.2.11"),
    line(
      crash - 1,
      "0 [Note] InnoDB: Initializing buffer pool, total size = 12348030976, chunk size = 134217728",
    ),
    line(crash - 1, "0 [Note] InnoDB: Starting crash recovery from checkpoint LSN=914417362207"),
    line(crash - 1.4, "0 [Note] InnoDB: To recover: 2107 pages from log"),
    line(
      crash - 1.8,
      "0 [Note] InnoDB: 10.6.20 started; log sequence number 914418811046; transaction id 7220418833",
    ),
    line(crash - 1.9, "0 [Note] /rdsdbbin/mysql/bin/mysqld: ready for connections."),
    "Version: '10.6.20-MariaDB-log'  socket: '/tmp/mysql.sock'  port: 3306  managed by https://aws.amazon.com/rds/",
    "",
  ].join("\n");

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Ten minutes in which nothing moves, then InnoDB ends itself over a latch that nobody gives back: up again since nine minutes",
  world: (dice) => {
    const piled = dice.number(648, 664);
    const stall = crash + 10;
    const phases =
      (before: Curve, standing: number, after: (minutes: number) => number): Curve =>
      (minutes) =>
        minutes > stall ? before(minutes) : minutes > crash ? standing : after(minutes);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.r6g.large",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        withoutInsights({
          ...withDays(
            calmRds({
              engine: "mariadb",
              vcpus: 2,
              memoryGib: 16,
              freeGib: 73,
              connections: 97,
              cpu: 39,
              iops: 480,
            }),
          ),
          CPUUtilization: phases(byHour(39), 5, (minutes) => 43 + minutes),
          DatabaseConnections: even((minutes) => {
            if (minutes > stall) return byHour(97)(minutes);
            return minutes > crash ? Math.min(piled, 97 + (stall - minutes) * 98) : 104;
          }),
          ReadIOPS: phases(byHour(192), 1, (minutes) => 520 + minutes * 90),
          WriteIOPS: phases(byHour(288), 3, () => 310),
          ReadThroughput: phases(byHour(3.4e6), 2e4, (minutes) => 9e6 + minutes * 1.5e6),
          WriteThroughput: phases(byHour(6e6), 5e4, () => 6.6e6),
          NetworkTransmitThroughput: phases(byHour(3e6), 6e4, () => 3.2e6),
          NetworkReceiveThroughput: phases(byHour(0.9e6), 7e4, () => 0.9e6),
          DiskQueueDepth: phases(byHour(0.6), 0, () => 1.1),
          FreeableMemory: phases(
            () => 3.4 * 1024 ** 3,
            3.1 * 1024 ** 3,
            () => 6.2 * 1024 ** 3,
          ),
        }),
        crash,
        crash - 2,
      ),
      events: [
        told(id, crash - 2.2, "recovery", "Recovery of the DB instance is complete."),
        told(id, crash - 2, "availability", "DB instance restarted"),
        told(
          id,
          crash - 0.6,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        ...nightlyBackup(id),
      ],
      logs: [
        {
          file: "error/mysql-error-running.log",
          kind: "error",
          lastWrittenAt: ago(crash - 2).toISOString(),
          truncated: false,
          text: log(),
        },
      ],
      load: null,
      alarm: { ...above("DatabaseConnections", 500, [509, 604, piled], stall - 5), state: "OK" },
      way: "probe-failed",
    };
  },
});
