import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { byDay } from "../support/outside/recurring.ts";

const id = "fleetdesk-db";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "What the server keeps for its sessions has grown for a week, a fifth of a gibibyte a day; now it swaps",
  world: (dice) => {
    const free = dice.number(182, 188) * mib;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.r5.large",
          AllocatedStorage: 200,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 91,
            connections: 184,
            cpu: 33,
            iops: 360,
          }),
        ),
        FreeableMemory: byDay(free, -212 * mib),
        SwapUsage: byDay(1490 * mib, 208 * mib),
        // What was swapped out has to come back before a statement goes on.
        WriteLatency: byDay(0.0024, 0.0001),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeableMemory", 200 * mib, [199.4 * mib, 199.1 * mib, 198.6 * mib], 92),

      way: "probe-failed",
    };
  },
});
