import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "shop-maria";
/** LEAST({DBInstanceClassMemory/25165760}, 12000) of db.m6g.large. */
const limit = 321;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A plugin opens connections and forgets them: the last slot went forty minutes ago, and the server is idle",
  world: (dice) => {
    const first = dice.number(91_000, 95_000);
    const aborted = [37, 33, 28, 21, 17, 12, 8, 5, 2].map((minutes, at) =>
      mariadbErrorLine(
        minutes,
        first + at * 41,
        `[Warning] Aborted connection ${first + at * 41} to db: 'shop' user: 'sync_plugin' host: '10.20.7.${11 + (at % 2)}' (Got timeout reading communication packets)`,
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 66,
            connections: 74,
            cpu: 29,
            iops: 210,
          }),
        ),
        // Six hours of forgetting, one in some 90 s.
        DatabaseConnections: Object.assign(
          (ago: number) => (ago > 400 ? 74 : ago > 40 ? 74 + ((limit - 74) * (400 - ago)) / 360 : limit),
          { rough: 0 },
        ),
        ConnectionAttempts: steps(66, 1850, 40),
        CPUUtilization: steps(29, 13, 39),
        ReadIOPS: steps(84, 31, 39),
        WriteIOPS: steps(126, 52, 39),
        ReadThroughput: steps(1.5e6, 0.6e6, 39),
        WriteThroughput: steps(2.6e6, 1.1e6, 39),
        DiskQueueDepth: even(steps(0.25, 0.1, 39)),
        NetworkTransmitThroughput: steps(2.3e6, 0.8e6, 39),
      }),
      events: nightlyBackup(id),
      load: null,
      logs: [mysqlErrorLog(aborted, 2)],
      alarm: above("DatabaseConnections", 280, [281, 281, 282], 97, "Maximum"),
      way: "probe-failed",
    };
  },
});
