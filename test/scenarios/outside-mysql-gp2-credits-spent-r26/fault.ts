import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "cms-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A feed import has spent the credits of a gp2 volume of 100 GiB: it is held at 300 IOPS, and what was a millisecond takes eighty",
  world: (dice) => {
    const spent = dice.number(14, 16);
    // 5.4 million credits at 1,600 a second more than the baseline: 56 minutes.
    const began = spent + 56;
    const three = (calm: number, bursting: number, held: number) =>
      turns((minutes: number) => (minutes > began ? usual(calm)(minutes) : bursting), spent, held);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m5.large",
          StorageType: "gp2",
          AllocatedStorage: 100,
          Iops: undefined,
          StorageThroughput: undefined,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mysql",
              vcpus: 2,
              memoryGib: 8,
              connections: 62,
              cpu: 24,
              iops: 170,
              freeGib: 48,
            }),
          ),
        ),
        BurstBalance: between(began, spent, 100, 0),
        ReadIOPS: even(three(70, 640, 102)),
        WriteIOPS: even(three(100, 1260, 198)),
        ReadThroughput: three(1.2e6, 11e6, 1.8e6),
        WriteThroughput: three(2.1e6, 24e6, 3.9e6),
        ReadLatency: three(0.0008, 0.0016, 0.077),
        WriteLatency: three(0.0013, 0.0021, 0.084),
        DiskQueueDepth: three(0.2, 3.7, 24),
        CPUUtilization: three(24, 46, 13),
        DatabaseConnections: (minutes) =>
          minutes > spent ? usual(62)(minutes) : Math.min(131, 62 + (spent - minutes) * 6),
      },
      events: [
        told(
          id,
          spent + 8,
          "notification",
          "The gp2 burst balance credits for the RDS database instance are low. To resolve this issue, reduce IOPS usage or modify your storage settings to enable higher performance.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: above("WriteLatency", 0.05, [0.081, 0.086, 0.083], spent - 5),
      alsoAlarms: [above("DiskQueueDepth", 16, [23.4, 24.8, 23.9], spent - 6)],
      way: "probe-failed",
    };
  },
});
