import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "crm-core";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A second service went live with pools of its own: 900 connections instead of 240, and the host swaps",
  world: (dice) => {
    const connections = dice.number(885, 925);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        withoutInsights({
          ...withDays(
            calmRds({
              engine: "mysql",
              vcpus: 4,
              memoryGib: 16,
              freeGib: 74,
              connections: 240,
              cpu: 44,
              iops: 470,
            }),
          ),
          DatabaseConnections: (ago) =>
            ago > 74 ? 240 : ago > 62 ? 240 + ((connections - 240) * (74 - ago)) / 12 : connections,
          FreeableMemory: moves(1.9 * gib, 131 * mib, 68),
          SwapUsage: moves(14 * mib, 1.92 * gib, 52),
          CPUUtilization: steps(44, 66, 40),
          ReadIOPS: moves(190, 640, 40),
          WriteIOPS: moves(280, 610, 40),
          ReadLatency: moves(0.0007, 0.0029, 40),
          WriteLatency: moves(0.0015, 0.0031, 40),
          DiskQueueDepth: moves(0.6, 3.8, 40),
        }),
        9,
        8,
      ),
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeableMemory", 268_435_456, [261_095_424, 243_269_632, 228_589_568], 3, "Minimum"),
      alsoAlarms: [above("SwapUsage", 1_073_741_824, [1_081_081_856, 1_118_830_592], 22, "Maximum")],
      way: "probe-failed",
    };
  },
});
