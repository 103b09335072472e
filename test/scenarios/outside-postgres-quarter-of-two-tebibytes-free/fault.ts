import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { byDay } from "../support/outside/recurring.ts";

const id = "images-meta";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An alarm at 500 GiB of a volume of two TiB: it grows by one GiB a day, has room for a year, and may grow",
  world: (dice) => {
    const aDay = dice.number(9, 13) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.9",
          DBInstanceClass: "db.r6i.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 2000,
          MaxAllocatedStorage: 4000,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 240, cpu: 27, iops: 2100 }),
        ),
        FreeStorageSpace: byDay(499.8 * gib, -aDay * gib),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeStorageSpace", 500 * gib, [499.9 * gib, 499.9 * gib, 499.9 * gib], 110),
      way: "dropped",
    };
  },
});
