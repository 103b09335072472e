import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "claims-prod";

export const scenario = defineOutside({
  engine: "mysql",
  title: "A snapshot by hand before a release, at noon, of a Multi-AZ instance: writes take 4 ms for a while",
  world: (dice) => {
    const began = dice.number(10, 13);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.4",
          DBInstanceClass: "db.m7g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1c",
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 102,
          connections: 88,
          cpu: 31,
          iops: 560,
        }),
        WriteLatency: during(began, 3, 0.0041, 0.0015),
        DiskQueueDepth: during(began, 3, 1.9, 0.7),
        DBLoad: during(began, 3, 1.6, 1.2),
        DBLoadNonCPU: during(began, 3, 0.6, 0.3),
      },
      events: [
        told(id, 3, "backup", "Manual snapshot created"),
        told(id, began, "backup", "Creating manual snapshot"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: new Date(Date.now() - (began + 0.5) * 60_000).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "CreateDBSnapshot",
          by: "arn:aws:sts::123456789012:assumed-role/release/pipeline",
          detail: `${id}-before-4-11`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.9, "io/redo_log_flush": 0.3, "io/table/sql/handler": 0.2 },
        [
          { sql: "SELECT * FROM `claims` WHERE `policy_id` = ?", waits: { CPU: 0.5 } },
          { sql: "UPDATE `claims` SET `state` = ? WHERE `id` = ?", waits: { "io/redo_log_flush": 0.3 } },
        ],
        { web: 1.3 },
      ),
      way: "probe-failed",
    };
  },
});
