import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { everyNight } from "../support/outside/stairs.ts";

const id = "tariffs-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The import of every night took the credits of a gp2 volume down to 38 %, has ended, and they fill again",
  world: (dice) => {
    const ended = dice.number(42, 47);
    const began = ended + 70;
    const job = (inside: number, outside: number) => everyNight(began, ended, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m5.large",
          AllocatedStorage: 300,
          StorageType: "gp2",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 120,
            connections: 48,
            cpu: 17,
            iops: 310,
          }),
        ),
        // 300 GiB earn 900 credits a second; the bucket holds 5.4 million.
        BurstBalance: (ago) => {
          const today = ago % 1440;
          if (today > began || today < 0) return 100;
          if (today >= ended) return 100 - (62 * (began - today)) / 70;
          return Math.min(100, 38 + (((900 - 310) * 60 * (ended - today)) / 5.4e6) * 100);
        },
        WriteIOPS: job(1340, 186),
        ReadIOPS: job(360, 124),
        WriteThroughput: job(27e6, 3.9e6),
        ReadThroughput: job(6.4e6, 2.2e6),
        CPUUtilization: job(46, 17),
        WriteLatency: job(0.0019, 0.0015),
        DiskQueueDepth: job(2.8, 0.4),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: { ...below("BurstBalance", 50, [49.6, 48.7, 47.9], ended + 13), state: "OK" },
      way: "dropped",
    };
  },
});
