import { calmRds } from "../support/outside/calm.ts";
import { even } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "events-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title: "A consumer of change data is gone since yesterday: its slot holds the WAL, and the volume fills up",
  world: (dice) => {
    const perMinute = dice.number(88, 97) / 1000;
    const held = (ago: number) => Math.max(0.4, 138 - ago * perMinute) * gib;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 300,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 4, memoryGib: 16, connections: 140, cpu: 37, iops: 900 }),
        OldestReplicationSlotLag: even(held),
        TransactionLogsDiskUsage: (ago) => held(ago) + 1.2 * gib,
        FreeStorageSpace: (ago) => 170 * gib - held(ago),
      },
      events: [
        told(
          id,
          38,
          "low storage",
          `The free storage capacity for DB instance: ${id} is low at 12% of the provisioned storage [Provisioned Storage: 294.96 GB, Free Storage: 35.61 GB]. You may want to increase the provisioned storage to address this issue.`,
        ),
        ...nightlyBackup(id),
      ],
      load: [],
      alarm: below("FreeStorageSpace", 42949672960, [42900000000, 42600000000], 80),
      way: "probe-failed",
    };
  },
});
