import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const cluster = "loyalty";
const writer = "loyalty-0";
const reader = "loyalty-1";
const mib = 1024 ** 2;
const day = 1440;

const calm = calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 4, connections: 42, cpu: 24, iops: 220 });

/** Falls from one restart to the next; before the release there was room. */
function sawtooth(restarts: readonly number[], top: number, bottom: number): Curve {
  return (ago) => {
    const since = restarts.find((restart) => restart >= ago);
    if (since === undefined || ago > day / 4) return usual(930 * mib)(ago);
    return Math.max(bottom, top - (since - ago) * ((top - bottom) / 44));
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A small writer runs out of memory and starts again, for the third time since its service has twice as many workers",
  world: (dice) => {
    const last = dice.number(40, 43);
    const restarts = [last, last + 47, last + 95];
    const instance = {
      Engine: "aurora-mysql",
      EngineVersion: "8.0.mysql_aurora.3.08.2",
      DBInstanceClass: "db.t4g.medium",
      DBClusterIdentifier: cluster,
    };
    return {
      instances: [instanceOf(writer, instance), instanceOf(reader, instance)],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...calm,
        ...calmReader(reader, 4),
        CPUUtilization: steps(24, 46, 6 * 60),
        DatabaseConnections: steps(42, 64, 6 * 60),
        FreeableMemory: sawtooth(restarts, 610 * mib, 52 * mib),
        SwapUsage: steps(6 * mib, 318 * mib, 25),
        EngineUptime: (ago) => {
          const since = restarts.find((restart) => restart >= ago);
          return since === undefined ? 41 * 86_400 : (since - ago) * 60;
        },
      },
      events: [
        ...nightlyBackup(writer),
        ...restarts.map((minutes) => told(writer, minutes, "availability", "DB instance restarted")),
      ],
      load: loadOf(
        { CPU: 0.7, "io/table/sql/handler": 0.3 },
        [
          {
            sql: "SELECT * FROM `points` WHERE `card_no` = ? AND `booked_on` >= ? ORDER BY `booked_on`",
            waits: { CPU: 0.3, "io/table/sql/handler": 0.1 },
          },
          { sql: "INSERT INTO `points` VALUES (...)", waits: { CPU: 0.2 } },
        ],
        { loyalty_api: 0.8, loyalty_jobs: 0.2 },
      ),
      alarm: below("FreeableMemory", 128 * mib, [94 * mib, 81 * mib, 70 * mib], 3),
      way: "probe-failed",
    };
  },
});
