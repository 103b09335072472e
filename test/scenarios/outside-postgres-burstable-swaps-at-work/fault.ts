import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { daily, moves, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "intranet-db";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Four GiB are too few since this morning: 90 MiB are left, 1.6 GiB are in swap, and reading became slow",
  world: (dice) => {
    const minutes = dice.number(300, 330);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.13",
          DBInstanceClass: "db.t4g.medium",
          AllocatedStorage: 100,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          withDays(
            calmRds({
              engine: "postgres",
              vcpus: 2,
              memoryGib: 4,
              freeGib: 52,
              connections: 86,
              cpu: 15,
              iops: 190,
            }),
          ),
        ),
        CPUUtilization: (ago) => (ago > 700 ? daily(15, 0.2)(ago) : moves(15, 19, minutes)(ago)),
        DatabaseConnections: moves(86, 97, minutes),
        FreeableMemory: moves(610 * mib, 88 * mib, minutes),
        SwapUsage: moves(42 * mib, 1640 * mib, minutes),
        ReadIOPS: moves(76, 510, minutes),
        WriteIOPS: moves(114, 330, minutes),
        ReadThroughput: moves(1.4e6, 6.2e6, minutes),
        WriteThroughput: moves(2.4e6, 4.4e6, minutes),
        ReadLatency: moves(0.0007, 0.0031, minutes),
        WriteLatency: moves(0.0015, 0.0034, minutes),
        DiskQueueDepth: moves(0.23, 2.7, minutes),
        CPUCreditBalance: usual(571),
        CPUSurplusCreditBalance: () => 0,
      },
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeableMemory", 268_435_456, [266.1e6, 262.8e6, 259.4e6], 101),
      alsoAlarms: [above("SwapUsage", 1_073_741_824, [1.081e9, 1.086e9, 1.091e9], 107)],
      way: "probe-failed",
    };
  },
});
