import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf } from "../support/outside/described.ts";

const id = "helpdesk-db";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "More and more workers on a server of 2 GiB: 50 MiB of memory left, 730 MiB swapped and climbing, the disk is busy with it",
  world: (dice) => {
    const swapped = dice.number(705, 745);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.8",
          DBInstanceClass: "db.t3.small",
          AllocatedStorage: 60,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "mariadb",
          vcpus: 2,
          memoryGib: 2,
          freeGib: 27,
          connections: 31,
          cpu: 18,
          iops: 90,
        }),
        DatabaseConnections: moves(31, 56, 55),
        FreeableMemory: moves(310 * mib, 52 * mib, 50),
        SwapUsage: moves(34 * mib, swapped * mib, 48),
        CPUUtilization: moves(18, 49, 48),
        ReadIOPS: moves(36, 330, 44),
        WriteIOPS: moves(54, 290, 44),
        ReadThroughput: moves(0.7e6, 4.1e6, 44),
        WriteThroughput: moves(1.1e6, 4.4e6, 44),
        ReadLatency: moves(0.0007, 0.0031, 44),
        WriteLatency: moves(0.0015, 0.0038, 44),
        DiskQueueDepth: moves(0.1, 2.1, 44),
        CPUCreditBalance: moves(576, 561, 48),
      }),
      events: [],
      load: null,
      alarm: above("SwapUsage", 512 * mib, [548_405_248, 564_133_888, 578_813_952], 11),
      way: "probe-failed",
    };
  },
});
