import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "documents-prod";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.39",
    DBInstanceClass: "db.m6g.xlarge",
    AllocatedStorage: 500,
    MaxAllocatedStorage: 500,
    Iops: 12_000,
    StorageThroughput: 500,
  }),
];

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The data grows by a gibibyte an hour as it always did; autoscaling has come to the maximum it was given",
  world: (dice) => {
    const free = dice.number(27, 31);
    const calm = calmRds({
      engine: "mysql",
      vcpus: 4,
      memoryGib: 16,
      freeGib: free,
      connections: 140,
      cpu: 33,
      iops: 620,
    });
    return {
      instances,
      metrics: {
        ...calm,
        FreeStorageSpace: (ago) => Math.min(96, free + (ago / 60) * 0.95) * gib,
        BinLogDiskUsage: usual(2.1 * gib),
      },
      events: [
        told(
          id,
          95,
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 6% of the provisioned storage [Provisioned Storage: 489.12 GB, Free Storage: 30.4 GB]. You may want to increase the provisioned storage to address this issue.`,
        ),
        told(
          id,
          60 * 21,
          "notification",
          "Storage autoscaling has triggered a pending scale storage task that will reach or exceed the maximum storage threshold. Increase the maximum storage threshold.",
        ),
        ...nightlyBackup(id),
      ],
      load: [],
      alarm: below(
        "FreeStorageSpace",
        34_359_738_368,
        [33.9 * gib, 33.2 * gib, 31.8 * gib].map(Math.round),
        44,
      ),
      way: "probe-failed",
    };
  },
});
