import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "orders-eu";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Binary logs are kept for a week for a connector that stopped on Friday: they have taken most of the volume",
  world: (dice) => {
    const since = dice.number(3900, 4300);
    const perHour = 1.55 + dice.number(0, 20) / 100;
    const grown = (minutes: number) => (Math.max(0, since - minutes) / 60) * perHour * gib;
    // What it was before; 31 GiB are left.
    const free = 31 + (since / 60) * perHour;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 200,
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 16,
          freeGib: free,
          connections: 210,
          cpu: 38,
          iops: 640,
        }),
        FreeStorageSpace: (ago) => free * gib - grown(ago),
        BinLogDiskUsage: (ago) => 5 * gib + grown(ago),
        // A release of this morning writes a little more; it is not what fills the volume.
        WriteIOPS: steps(384, 421, 260),
      },
      events: [
        ...nightlyBackup(id),
        told(id, 205, "backup", "Creating manual snapshot"),
        told(id, 196, "backup", "Manual snapshot created"),
      ],
      load: loadOf(
        { CPU: 1.1, "io/redo_log_flush": 0.2, "io/table/sql/handler": 0.2 },
        [
          { sql: "SELECT `id` , `state` FROM `orders` WHERE `customer_no` = ?", waits: { CPU: 0.3 } },
          {
            sql: "INSERT INTO `order_lines` ( `order_id` , `sku` , `qty` ) VALUES (...)",
            waits: { CPU: 0.2 },
          },
          {
            sql: "UPDATE `orders` SET `state` = ? WHERE `id` = ?",
            waits: { CPU: 0.2, "io/redo_log_flush": 0.1 },
          },
        ],
        { shop: 1.1, backoffice: 0.4 },
      ),
      alarm: below(
        "FreeStorageSpace",
        40 * gib,
        [39.98 * gib, 39.95 * gib, 39.93 * gib],
        Math.round((8.9 / perHour) * 60),
      ),
      way: "probe-failed",
    };
  },
});
