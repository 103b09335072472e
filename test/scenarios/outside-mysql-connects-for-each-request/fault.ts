import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "cms-prod";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release without its pool: a connection for each request, attempts a hundredfold, the CPU at 88 %, reads and writes as ever",
  world: (dice) => {
    const attempts = dice.number(590, 640);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.3",
          DBInstanceClass: "db.m5.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 120,
          connections: 44,
          cpu: 31,
          iops: 240,
        }),
        ConnectionAttempts: steps(6, attempts, 28),
        DatabaseConnections: steps(44, 97, 28),
        CPUUtilization: steps(31, 88, 28),
        NetworkReceiveThroughput: steps(0.41e6, 0.88e6, 28),
        NetworkTransmitThroughput: steps(1.4e6, 2.1e6, 28),
        WriteIOPS: usual(146),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("CPUUtilization", 80, [86.9, 88.8, 87.6], 23),
      way: "probe-failed",
    };
  },
});
