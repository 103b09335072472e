import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const mib = 1024 ** 2;
const id = "intranet-wiki";
const reboot = 544;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The buffer pool of a db.t3.small was raised to nine tenths of its memory; since it is full the server is killed every hour",
  world: (dice) => {
    const last = dice.number(33, 37);
    const kills = [last, last + 61];
    const filling = (ago: number): number => {
      const from = [...kills, reboot].find((minute) => minute >= ago);
      return from === undefined ? Number.NaN : from - ago;
    };
    const crash = (minutes: number): readonly string[] => [
      mariadbErrorLine(
        minutes,
        0,
        "[Note] Starting MariaDB 10.6.20-MariaDB-log source revision 7c31a1 as process 641",
      ),
      mariadbErrorLine(minutes, 0, "[Note] InnoDB: Initializing buffer pool, total size = 1.800GiB"),
      mariadbErrorLine(
        minutes,
        0,
        "[Note] InnoDB: Starting crash recovery from checkpoint LSN=48110427716,48110427716",
      ),
      mariadbErrorLine(
        minutes - 0.2,
        0,
        "[Note] /rdsdbbin/mysql/bin/mariadbd: ready for connections. Version: '10.6.20-MariaDB-log'",
      ),
    ];
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.t3.small",
          AllocatedStorage: 60,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 2,
            freeGib: 22,
            connections: 46,
            cpu: 18,
            iops: 90,
          }),
        ),
        CPUCreditBalance: usual(512),
        FreeableMemory: (ago) => {
          const since = filling(ago);
          return Number.isNaN(since) ? usual(262 * mib)(ago) : Math.max(41 * mib, (340 - since * 9) * mib);
        },
        SwapUsage: (ago) => {
          const since = filling(ago);
          return Number.isNaN(since) ? 21 * mib : Math.min(912, 40 + since * 24) * mib;
        },
        ReadIOPS: steps(36, 120, last),
        DiskQueueDepth: steps(0.1, 0.5, last),
        ReadLatency: steps(0.0008, 0.0044, last),
        CPUUtilization: steps(18, 27, last),
      }),
      events: [
        told(
          `${id}-params`,
          reboot + 22,
          "configuration change",
          "Updated parameter innodb_buffer_pool_size to 1932735283 with apply method pending-reboot",
          "parameter-group",
        ),
        told(id, reboot + 1, "availability", "DB instance shutdown"),
        told(id, reboot, "availability", "DB instance restarted"),
        ...kills.flatMap((minutes) => [
          told(
            id,
            minutes,
            "recovery",
            "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
          ),
          told(id, minutes - 1, "availability", "DB instance restarted"),
          told(id, minutes - 1.2, "recovery", "Recovery of the DB instance is complete."),
        ]),
        ...nightlyBackup(id),
      ],
      logs: [mysqlErrorLog([...crash(last + 61), ...crash(last)], last - 0.2)],
      load: null,
      alarm: below("FreeableMemory", 100 * mib, [81 * mib, 72 * mib, 62 * mib], last - 30),
      alsoAlarms: [above("SwapUsage", 512 * mib, [540 * mib, 565 * mib, 590 * mib], last - 24)],
      way: "probe-failed",
    };
  },
});
