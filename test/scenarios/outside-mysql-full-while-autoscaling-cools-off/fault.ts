import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";
import { serverSilent } from "../support/outside/server-stopped.ts";

const gib = 1024 ** 3;
const id = "claims-files";
const grown = 205;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A migration loads what autoscaling added three hours ago, and more; it may not grow the volume again within six, and the volume is full",
  world: (dice) => {
    const full = dice.number(8, 10);
    const before = withDays(
      calmRds({ engine: "mysql", vcpus: 4, memoryGib: 16, connections: 148, cpu: 31, iops: 620 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m5.xlarge",
          DBInstanceStatus: "storage-full",
          AllocatedStorage: 660,
          MaxAllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights(
        serverSilent(
          {
            ...before,
            CPUUtilization: steps(31, 44, 230),
            WriteIOPS: steps(370, 1180, 230),
            WriteThroughput: steps(7.8e6, 34e6, 230),
            DiskQueueDepth: steps(0.7, 2.2, 230),
            BinLogDiskUsage: steps(0.4 * gib, 1.9 * gib, 225),
            DatabaseConnections: (ago) => (ago < full ? 0 : (usual(148)(ago) ?? 0)),
            // 120 GiB in some 195 minutes: 0.61 GiB a minute, 11 MB/s of the 34 MB/s that are written.
            FreeStorageSpace: (ago) =>
              ago > grown
                ? between(232, grown, 76 * gib, 60 * gib)(ago)
                : between(grown, full, 120 * gib, 0)(ago),
          },
          full - 2,
        ),
      ),
      events: [
        told(
          id,
          full - 1,
          "low storage",
          "Allocated storage has been exhausted. Allocate additional storage to resolve.",
        ),
        told(
          id,
          31,
          "failure",
          "DB instance is in the cooling-off period for a previous scale storage operation. We're optimizing your DB instance. This takes at least 6 hours. No actions are necessary. Autoscaling will retry after the cooling-off period.",
        ),
        told(
          id,
          114,
          "low storage",
          "The free storage capacity for DB Instance: claims-files is low at 9% of the provisioned storage [Provisioned Storage: 659.91 GB, Free Storage: 64.32 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        told(
          id,
          grown - 6,
          "configuration change",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
        told(
          id,
          grown,
          "configuration change",
          "Applying autoscaling-initiated modification to allocated storage.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: below("FreeStorageSpace", 20 * gib, [20_960_000_000, 20_310_000_000, 19_640_000_000], full + 31),
      alsoAlarms: [below("DatabaseConnections", 20, [0, 0, 0], full - 4)],
      way: "refused",
    };
  },
});
