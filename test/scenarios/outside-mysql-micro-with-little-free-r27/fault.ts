import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "panel-db";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong: a t3.micro has had some 120 MiB free and a little swap for months; today the alarm's line was touched",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "mysql",
        EngineVersion: "8.0.40",
        DBInstanceClass: "db.t3.micro",
        AllocatedStorage: 20,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: {
      ...withoutInsights(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 1,
          freeGib: 13,
          connections: dice.number(8, 10),
          cpu: 6,
          iops: 11,
        }),
      ),
      FreeableMemory: even(usual(119 * mib)),
      SwapUsage: even(usual(61 * mib)),
      CPUCreditBalance: even(usual(288)),
      BinLogDiskUsage: usual(9 * mib),
    },
    events: nightlyBackup(id),
    load: null,
    alarm: below("FreeableMemory", 120 * mib, [125_200_000, 124_900_000, 125_400_000], 18),
    way: "probe-failed",
  }),
});
