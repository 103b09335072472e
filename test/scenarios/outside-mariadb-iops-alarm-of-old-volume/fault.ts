import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "payroll-maria";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The month's payroll writes 3,400 times a second of 12,000; the alarm is of the volume before this one",
  world: (dice) => {
    const writes = dice.number(3320, 3480);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "11.4.4",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 8,
            memoryGib: 64,
            freeGib: 312,
            connections: 92,
            cpu: 21,
            iops: 1900,
          }),
        ),
        CPUUtilization: steps(21, 38, 52),
        WriteIOPS: steps(1140, writes, 52),
        WriteThroughput: steps(19e6, 58e6, 52),
        WriteLatency: steps(0.0009, 0.0011, 52),
        ReadIOPS: steps(760, 1280, 52),
        ReadThroughput: steps(13e6, 24e6, 52),
        DiskQueueDepth: steps(1.6, 4.7, 52),
        NetworkReceiveThroughput: steps(0.9e6, 2.2e6, 52),
        BinLogDiskUsage: moves(1.1e9, 2.6e9, 52),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("WriteIOPS", 2500, [3391, 3442, 3367], 48),
      way: "probe-failed",
    };
  },
});
