import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "wiki-prod";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "312 MiB lie in swap for weeks and nobody asks for them; somebody has made an alarm at 256 MiB today",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "13.18",
        DBInstanceClass: "db.m5.large",
        AllocatedStorage: 150,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: {
      ...withoutInsights(
        withDays(
          calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 66,
            connections: dice.number(70, 82),
            cpu: 18,
            iops: 210,
          }),
        ),
      ),
      SwapUsage: usual(312 * mib),
      FreeableMemory: usual(1480 * mib),
    },
    events: nightlyBackup(id),
    load: null,
    alarm: above("SwapUsage", 256 * mib, [327.1e6, 327.2e6, 327.2e6], 33),
    way: "probe-failed",
  }),
});
