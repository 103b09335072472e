import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "catalog-prod";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Since the minor upgrade of the morning the buffer pool fills again: free memory falls for hours, and all is well",
  world: (dice) => {
    const since = dice.number(170, 230);
    // As the pool fills, quickly first, then towards what is usual.
    const warming =
      (cold: number, warm: number): Curve =>
      (ago) =>
        ago > since ? usual(warm)(ago) : warm + (cold - warm) * Math.exp(-(since - ago) / 80);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.43",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 120,
          connections: 96,
          cpu: 27,
          iops: 520,
        }),
        FreeableMemory: warming(24 * gib, 5.4 * gib),
        ReadIOPS: warming(900, 210),
        ReadThroughput: warming(15e6, 3.6e6),
        DBLoad: usual(1.2),
      },
      events: [
        told(
          id,
          since,
          "maintenance",
          "Finished applying off-cycle updates to database engine minor version",
        ),
        told(id, since + 1, "availability", "DB instance restarted"),
        told(id, since + 2, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.9, "wait/io/file/innodb/innodb_data_file": 0.2 },
        [
          { sql: "SELECT * FROM `products` WHERE `id` = ?", waits: { CPU: 0.3 } },
          {
            sql: "SELECT `id` , `name` FROM `products` WHERE `category_id` = ? LIMIT ?",
            waits: { CPU: 0.25, "wait/io/file/innodb/innodb_data_file": 0.15 },
          },
          { sql: "SELECT `price` FROM `prices` WHERE `product_id` = ?", waits: { CPU: 0.2 } },
        ],
        { catalog: 1.1 },
      ),
      alarm: below("FreeableMemory", 8 * gib, [7.9 * gib, 7.8 * gib, 7.75 * gib], 4),
      way: "probe-failed",
    };
  },
});
