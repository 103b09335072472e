import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "archive-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Healthy: the volume was low four hours ago, a DBA doubled it, and 108 of 200 GiB are free; RDS still optimizes the storage",
  world: (dice) => {
    const grown = dice.number(221, 234);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.3",
          DBInstanceClass: "db.m6g.large",
          DBInstanceStatus: "storage-optimization",
          AllocatedStorage: 200,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "postgres", vcpus: 2, memoryGib: 8, connections: 52, cpu: 21, iops: 240 }),
        ),
        FreeStorageSpace: (minutes) =>
          (minutes > grown ? 8.4 * gib : 108 * gib) + Math.min(9, (minutes * 0.4) / 1440) * gib,
      },
      events: [
        told(id, grown - 1, "configuration change", "Finished applying modification to allocated storage."),
        told(id, grown + 5, "configuration change", "Applying modification to allocated storage."),
        told(
          id,
          grown + 41,
          "low storage",
          "The free storage capacity for DB Instance: archive-pg is low at 8% of the provisioned storage [Provisioned Storage: 99.86 GB, Free Storage: 8.41 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.3, "IO:WALSync": 0.05 },
        [{ sql: "SELECT * FROM documents WHERE id = $1", waits: { CPU: 0.2 } }],
        { archive_api: 0.35 },
      ),
      changes: [
        {
          at: ago(grown + 6).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "m.kraus",
          detail: "AllocatedStorage=200, ApplyImmediately=true",
          error: null,
          before: { AllocatedStorage: "100" },
        },
      ],
      alarm: {
        ...below("FreeStorageSpace", 9 * gib, [9_041_000_000, 9_038_000_000, 9_034_000_000], grown + 39),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
