import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { daily, even, gapped, moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "campus-portal";
const gib = 1024 ** 3;

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 16,
  freeGib: 61,
  connections: 96,
  cpu: 31,
  iops: 300,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "The results of the exams are out: three times the clients than on any day, and four vCPUs are full",
  world: (dice) => {
    const rise = dice.number(70, 80);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "13.20",
          DBInstanceClass: "db.m5.xlarge",
          AllocatedStorage: 100,
          PerformanceInsightsEnabled: false,
        }),
      ],
      // Now and then the host was too busy to report.
      metrics: gapped(
        withoutInsights({
          ...calm,
          CPUUtilization: even((ago) => (ago > 700 ? daily(31, 0.3)(ago) : moves(31, 96, rise)(ago))),
          DatabaseConnections: moves(96, 318, rise),
          FreeableMemory: moves(3.5 * gib, 2.5 * gib, rise),
          NetworkReceiveThroughput: moves(0.9e6, 3.3e6, rise),
          NetworkTransmitThroughput: moves(3e6, 10.6e6, rise),
          ReadIOPS: moves(120, 270, rise),
          WriteIOPS: moves(180, 560, rise),
          ReadThroughput: moves(2.1e6, 4.9e6, rise),
          WriteThroughput: moves(3.8e6, 11.6e6, rise),
          DiskQueueDepth: moves(0.36, 1.1, rise),
        }),
        16,
        13,
      ),
      events: nightlyBackup(id),
      load: null,
      alarm: above("CPUUtilization", 90, [91.2, 92.6, 93.4], 6),
      alsoAlarms: [above("DatabaseConnections", 250, [252, 261, 268], 23)],
      way: "probe-failed",
    };
  },
});
