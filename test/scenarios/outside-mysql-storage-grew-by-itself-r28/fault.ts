import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "media-meta";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Healthy: an import brought the volume below ten per cent free, autoscaling added 155 GiB, the import is done, and a third is free",
  world: (dice) => {
    const low = dice.number(36, 39);
    const grown = 12;
    const calm = withDays(
      calmRds({ engine: "mysql", vcpus: 4, memoryGib: 16, connections: 87, cpu: 26, iops: 580 }),
    );
    const loaded = between(low + 118, low - 6, 84 * gib, 36.4 * gib);
    const busy = (before: number, during: number): Curve => {
      const day = usual(before);
      return (minutes) => (minutes <= low + 118 && minutes >= low - 6 ? during : day(minutes));
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.xlarge",
          DBInstanceStatus: "storage-optimization",
          AllocatedStorage: 555,
          MaxAllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calm,
        FreeStorageSpace: (minutes) => (loaded(minutes) ?? 0) + (minutes > grown ? 0 : 155 * gib),
        WriteIOPS: busy(350, 910),
        WriteThroughput: busy(7.3e6, 19e6),
        CPUUtilization: busy(26, 37),
        BinLogDiskUsage: between(low + 118, low - 6, 0.3 * gib, 2.4 * gib),
      }),
      events: [
        told(
          id,
          grown,
          "configuration change",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
        told(
          id,
          grown + 9,
          "configuration change",
          "Applying autoscaling-initiated modification to allocated storage.",
        ),
        told(
          id,
          low - 4,
          "low storage",
          "The free storage capacity for DB Instance: media-meta is low at 9% of the provisioned storage [Provisioned Storage: 392.72 GB, Free Storage: 36.72 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: {
        ...below("FreeStorageSpace", 40 * gib, [42_840_000_000, 42_390_000_000, 41_960_000_000], low),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
