import { calmRds } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "archive-prod";

const instances = [
  instanceOf(id, {
    Engine: "postgres",
    EngineVersion: "16.8",
    DBInstanceStatus: "storage-optimization",
    AllocatedStorage: 280,
    MaxAllocatedStorage: 1000,
    StorageOperationStatus: "optimizing",
    StorageOperationPercentProgress: 7,
  }),
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Storage was short until autoscaling grew it ten minutes ago; it is being optimized and there is room",
  world: (dice) => {
    const low = dice.number(16, 19);
    return {
      instances,
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 60, cpu: 22, iops: 330 }),
        // 200 GiB until then, 280 from then on.
        FreeStorageSpace: (ago) => (ago > 10 ? low * gib : (low + 80) * gib - (10 - ago) * 2e6),
        WriteLatency: (ago) => (ago > 10 ? 0.0015 : 0.0034),
      },
      events: [
        told(
          id,
          10,
          "notification",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
        told(id, 14, "notification", "Applying autoscaling-initiated modification to allocated storage."),
        told(
          id,
          21,
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 9% of the provisioned storage [Provisioned Storage: 196.73 GB, Free Storage: ${low}.11 GB]. You may want to increase the provisioned storage to address this issue.`,
        ),
        ...nightlyBackup(id),
      ],
      load: [],
      alarm: {
        ...below("FreeStorageSpace", 21474836480, [20401094656, 20300000000], 40, "Minimum"),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
