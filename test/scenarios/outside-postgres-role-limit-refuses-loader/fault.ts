import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, even } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "dwh-stage";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The loader's role may have a hundred sessions and has them; whoever comes more is refused, though slots are free",
  world: (dice) => {
    const since = dice.number(66, 74);
    const calm = calmRds({
      engine: "postgres",
      vcpus: 4,
      memoryGib: 16,
      freeGib: 240,
      connections: 138,
      cpu: 34,
      iops: 880,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.3",
          DBInstanceClass: "db.m5.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calm,
        // The default of this class is about 1,700.
        DatabaseConnections: even((ago) =>
          ago > since ? byHour(138, 0.1)(ago) : between(since, since - 18, 138, 234)(ago),
        ),
        CPUUtilization: byHour(34, 0.15),
      }),
      events: nightlyBackup(id),
      load: null,
      logs: [
        errorLog(
          everySoOften(
            { from: 28, to: 0.4, apart: 0.6 },
            { host: "10.4.40.12", user: "etl_loader", database: "dwh" },
            ['FATAL:  too many connections for role "etl_loader"'],
          ),
          28,
        ),
      ],
      alarm: above("DatabaseConnections", 220, [224, 229, 233], 51, "Maximum"),
      way: "probe-failed",
    };
  },
});
