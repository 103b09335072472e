import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "billing-eu";
const gib = 1024 ** 3;
/** 5.4 million credits, 1,900 operations a second where 300 are earned: 1.78 % a minute. */
const aMinute = ((1900 - 300) * 60) / 54_000;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A gp2 volume of 100 GiB lives off its burst: 1,900 operations a second where 300 are its own, an eighth of the credits is left",
  world: (dice) => {
    const since = dice.number(49, 50);
    const balance: Curve = (ago) => Math.min(100, 100 - aMinute * (since - ago));
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.12",
          DBInstanceClass: "db.m5.large",
          MultiAZ: true,
          StorageType: "gp2",
          AllocatedStorage: 100,
          Iops: undefined,
          StorageThroughput: undefined,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 38,
          connections: 71,
          cpu: 22,
          iops: 205,
        }),
        BurstBalance: balance,
        CPUUtilization: steps(22, 37, since),
        ReadIOPS: steps(110, 1420, since),
        WriteIOPS: steps(95, 480, since),
        ReadThroughput: steps(1.9e6, 23.5e6, since),
        WriteThroughput: steps(1.6e6, 7.4e6, since),
        ReadLatency: steps(0.0008, 0.0011, since),
        WriteLatency: steps(0.0014, 0.0017, since),
        DiskQueueDepth: steps(0.25, 2.4, since),
        FreeableMemory: steps(1.9 * gib, 1.7 * gib, since),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: below("BurstBalance", 20, [18.2, 16.4], 1),
      way: "probe-failed",
    };
  },
});
