import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const id = "booking-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Somebody set sort and join buffers to 64 MiB a session yesterday; 4 GiB do not suffice, the server swapped for hours and was killed for memory",
  world: (dice) => {
    const back = dice.number(10, 13);
    const calm = withDays(
      withoutInsights(
        calmRds({
          engine: "mariadb",
          vcpus: 2,
          memoryGib: 4,
          freeGib: 61,
          connections: 122,
          cpu: 37,
          iops: 340,
        }),
      ),
    );
    const line = (minutes: number, says: string) => mariadbErrorLine(minutes, 0, says);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.18",
          DBInstanceClass: "db.t3.medium",
          AllocatedStorage: 100,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          FreeableMemory: (minutes) =>
            (minutes > back
              ? between(240, back + 4, 520 * mib, 48 * mib)(minutes)
              : between(back, 0, 1340 * mib, 890 * mib)(minutes)) ?? null,
          SwapUsage: (minutes) =>
            (minutes > back
              ? between(230, back + 4, 90 * mib, 2.1 * gib)(minutes)
              : between(back, 0, 12 * mib, 40 * mib)(minutes)) ?? null,
          CPUUtilization: (minutes) =>
            minutes > back + 40 ? (steps(37, 37, 0)(minutes) ?? 37) : minutes > back ? 61 : 44,
          ReadIOPS: (minutes) => (minutes > back + 40 ? 140 : minutes > back ? 610 : 730),
          WriteIOPS: (minutes) => (minutes > back + 40 ? 200 : minutes > back ? 560 : 190),
          CPUCreditBalance: steps(576, 571, 60),
        },
        back + 4,
        back,
      ),
      events: [
        told(id, back - 1, "recovery", "Recovery of the DB instance is complete."),
        told(id, back, "availability", "DB instance restarted"),
        told(
          id,
          back + 3,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        told(
          id,
          1492,
          "configuration change",
          "Updated parameter sort_buffer_size to 67108864 with apply method immediate",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              318,
              40_112,
              "[Warning] Aborted connection 40112 to db: 'booking' user: 'booking_web' host: '10.3.1.22' (Got timeout reading communication packets)",
            ),
            line(
              back + 1,
              "[Note] Starting MariaDB 10.6.18-MariaDB-log source revision 887bb3f73555ff8a50138a580ca8308b9b5c069c as process 523",
            ),
            line(back + 1, "[Note] InnoDB: Using Linux native AIO"),
            line(
              back + 1,
              "[Note] InnoDB: Initializing buffer pool, total size = 3095396352, chunk size = 134217728",
            ),
            line(
              back + 1,
              "[Note] InnoDB: Starting crash recovery from checkpoint LSN=884120936611,884121008273",
            ),
            line(back, "[Note] InnoDB: 128 rollback segments are active."),
            line(back, "[Note] Recovering after a crash using /rdsdbdata/log/binlog/mysql-bin-changelog"),
            line(back, "[Note] Crash table recovery finished."),
            line(back, "[Note] /rdsdbbin/mysql/bin/mariadbd: ready for connections."),
          ],
          back,
        ),
      ],
      changes: [
        {
          at: ago(1493).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "j.meier",
          detail: "sort_buffer_size=67108864 (immediate), join_buffer_size=67108864 (immediate)",
          error: null,
        },
      ],
      alarm: {
        ...above("SwapUsage", 1 * gib, [1_081_000_000, 1_092_000_000, 1_107_000_000], 127),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
