import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "payroll-main";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "RDS has rebuilt the standby after its host failed; commits were slower for half an hour and are as quick as ever",
  world: (dice) => {
    const began = dice.number(96, 99);
    const done = began - 36;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m5.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 344,
            connections: 186,
            cpu: 29,
            iops: 1150,
          }),
        ),
        WriteLatency: during(began, done, 0.0067, 0.0016),
        DiskQueueDepth: during(began, done, 4.9, 1.4),
        WriteThroughput: during(began, done, 16e6, 14.5e6),
      }),
      events: [
        told(id, done, "recovery", "Recovery of standby DB instance has completed."),
        told(id, began, "recovery", "Recovery of standby DB instance has started."),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: {
        ...above("WriteLatency", 0.005, [0.0064, 0.0069, 0.0067, 0.0071, 0.0066], began - 6),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
