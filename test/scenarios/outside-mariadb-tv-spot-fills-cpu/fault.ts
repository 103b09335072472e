import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "coupons-maria";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A spot on television brings two and a half times the visitors; four vCPUs are full, and nobody has switched on Performance Insights",
  world: (dice) => {
    const spot = dice.number(33, 36);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 122,
            connections: 97,
            cpu: 39,
            iops: 480,
          }),
        ),
        CPUUtilization: even(steps(39, 97.2, spot)),
        DatabaseConnections: steps(97, 243, spot - 1),
        NetworkReceiveThroughput: steps(0.87e6, 2.2e6, spot),
        NetworkTransmitThroughput: steps(3.0e6, 7.4e6, spot),
        ReadIOPS: steps(190, 265, spot),
        WriteIOPS: steps(288, 690, spot),
        WriteThroughput: steps(6.0e6, 14.2e6, spot),
        DiskQueueDepth: steps(0.6, 1.4, spot),
        FreeableMemory: steps(3.5 * 1024 ** 3, 2.9 * 1024 ** 3, spot - 2),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("CPUUtilization", 90, [96.8, 97.3, 97.1, 97.4, 97.2], spot - 6),
      way: "probe-failed",
    };
  },
});
