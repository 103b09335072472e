import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "catalog-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody rebooted it for a static parameter three quarters of an hour ago: everybody is back and all is as before",
  world: (dice) => {
    const since = dice.number(44, 48);
    const by = "arn:aws:sts::123456789012:assumed-role/dba/m.keller";
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 96,
          connections: 118,
          cpu: 29,
          iops: 520,
        }),
        DatabaseConnections: during(since, since - 2, 1, 118),
        ReadIOPS: during(since - 2, since - 16, 1450, 208),
      },
      events: [
        ...nightlyBackup(id),
        told(
          `${id}-params`,
          since + 6,
          "configuration change",
          "Updated parameter max_locks_per_transaction to 256 with apply method pending-reboot",
          "parameter-group",
        ),
        told(id, since, "availability", "DB instance shutdown"),
        told(id, since - 1, "availability", "DB instance restarted"),
      ],
      changes: [
        {
          at: ago(since + 0.3).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by,
          detail: null,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.9, "IO:DataFileRead": 0.2, "IO:WALSync": 0.1 },
        [
          { sql: "SELECT i.* FROM items i WHERE i.ean = $1", waits: { CPU: 0.3, "IO:DataFileRead": 0.1 } },
          {
            sql: "SELECT p.amount FROM prices p WHERE p.item_id = $1 AND p.valid_from <= $2 ORDER BY p.valid_from DESC LIMIT $3",
            waits: { CPU: 0.3 },
          },
          {
            sql: "UPDATE items SET stock = stock - $1 WHERE id = $2",
            waits: { CPU: 0.1, "IO:WALSync": 0.1 },
          },
        ],
        { catalog_api: 1, catalog_feed: 0.2 },
      ),
      alarm: { ...below("DatabaseConnections", 20, [1, 1], since - 2, "Minimum"), state: "OK" },
      way: "probe-failed",
    };
  },
});
