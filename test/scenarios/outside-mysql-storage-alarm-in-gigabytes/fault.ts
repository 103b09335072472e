import { calmRds } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "catalogue-main";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title: "A quarter of 2,000 GiB is free and 2 GiB a day go: the new alarm stands at 500 GiB",
  world: (dice) => {
    const free = dice.number(482, 486);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 2000,
          MaxAllocatedStorage: 4000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 8,
          memoryGib: 64,
          connections: 310,
          cpu: 33,
          iops: 2100,
        }),
        FreeStorageSpace: (ago) => (free + (2.1 * ago) / 1440) * gib,
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2.0, "wait/io/table/sql/handler": 0.4, "wait/io/file/innodb/innodb_data_file": 0.2 },
        [
          {
            sql: "SELECT * FROM `products` WHERE `category_id` = ? ORDER BY `rank` LIMIT ?",
            waits: { CPU: 0.7 },
          },
          {
            sql: "UPDATE `stock` SET `on_hand` = ? WHERE `sku` = ?",
            waits: { CPU: 0.4, "wait/io/table/sql/handler": 0.2 },
          },
          { sql: "SELECT * FROM `prices` WHERE `sku` IN (...)", waits: { CPU: 0.4 } },
        ],
        { shop: 1.8, pim: 0.8 },
      ),
      alarm: below("FreeStorageSpace", 500 * gib, [520.1e9, 520.1e9, 520e9], 175),
      way: "probe-failed",
    };
  },
});
