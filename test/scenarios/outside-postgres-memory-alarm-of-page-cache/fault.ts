import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { daily, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "archive-search";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title: "Of 64 GiB 2.9 are free as for weeks, nothing is swapped: the alarm was set at 4 GiB",
  world: () => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "15.12",
        DBInstanceClass: "db.r5.2xlarge",
        AllocatedStorage: 1200,
        Iops: 12_000,
        StorageThroughput: 500,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: withoutInsights({
      ...calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 64,
        freeGib: 437,
        connections: 66,
        cpu: 27,
        iops: 2100,
      }),
      CPUUtilization: daily(27, 0.3),
      FreeableMemory: Object.assign(usual(2.9 * gib), { rough: 0.02 }),
      SwapUsage: usual(3 * 1024 ** 2),
    }),
    events: nightlyBackup(id),
    load: null,
    alarm: below("FreeableMemory", 4 * gib, [3.98 * gib, 3.97 * gib, 3.96 * gib], 60 * 24 * 9),
    way: "probe-failed",
  }),
});
