import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const gib = 1024 ** 3;
const id = "intranet-maria";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Healthy: the buffer pool takes three quarters of the memory as it should, 2 GiB of 16 are free as for weeks; the new alarm asks for more",
  world: (dice) => {
    const fired = dice.number(11, 15);
    const aborted = (minutes: number, thread: number) =>
      mariadbErrorLine(
        minutes,
        thread,
        `[Warning] Aborted connection ${thread} to db: 'intranet' user: 'wiki' host: '10.4.21.8' (Got timeout reading communication packets)`,
      );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.11",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 200,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mariadb",
              vcpus: 2,
              memoryGib: 16,
              freeGib: 109,
              connections: 58,
              cpu: 19,
              iops: 260,
            }),
          ),
        ),
        FreeableMemory: usual(1.97 * gib),
        SwapUsage: usual(11 * 1024 ** 2),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [mysqlErrorLog([aborted(141, 88_112), aborted(74, 88_307), aborted(9, 88_541)], 9)],
      alarm: below("FreeableMemory", 2.2 * gib, [2_118_000_000, 2_109_000_000, 2_114_000_000], fired),
      way: "probe-failed",
    };
  },
});
