import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { daily } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { byDay } from "../support/outside/recurring.ts";

const id = "tracking-prod";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The table of events grows by seven GiB every day and nothing purges it; the volume has two days left",
  world: (dice) => {
    const aDay = dice.number(69, 74) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6i.large",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 14,
          connections: 64,
          cpu: 36,
          iops: 690,
        }),
        CPUUtilization: daily(36, 0.25),
        FreeStorageSpace: byDay(14.2 * gib, -aDay * gib),
      }),
      events: [
        told(
          `${id}-params`,
          190,
          "configuration change",
          "Updated parameter rds.log_retention_period to 10080 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: below("FreeStorageSpace", 15e9 + 5e8, [15.49e9, 15.48e9, 15.47e9], 47),
      way: "dropped",
    };
  },
});
