import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, told } from "../support/outside/described.ts";

const id = "intranet-mysql";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "One zone: I/O stood still when the nightly backup began, a quarter of an hour ago, and all is as ever since",
  world: (dice) => {
    const stood = dice.number(31, 37) / 1000;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.t4g.medium",
          PerformanceInsightsEnabled: false,
          AllocatedStorage: 60,
          PreferredBackupWindow: "01:30-02:30",
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 4,
            freeGib: 33,
            connections: 41,
            cpu: 12,
            iops: 90,
          }),
        ),
        CPUCreditBalance: () => 576,
        CPUSurplusCreditBalance: () => 0,
        WriteLatency: during(16, 13, stood, 0.0017),
        ReadLatency: during(16, 13, stood * 0.7, 0.0008),
        DiskQueueDepth: during(16, 13, 2.6, 0.11),
      }),
      events: [
        told(id, 8, "backup", "Finished DB Instance backup"),
        told(id, 16.4, "backup", "Backing up DB instance"),
      ],
      load: null,
      alarm: { ...above("WriteLatency", 0.02, [0.0331, 0.0346, 0.0338], 13), state: "OK" },
      way: "probe-failed",
    };
  },
});
