import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "catalog-mysql";

const facets =
  "SELECT `pa` . `attribute_id` , `pa` . `value` , COUNT ( * ) FROM `product_attributes` `pa` JOIN `products` `p` ON `p` . `id` = `pa` . `product_id` WHERE `p` . `category_id` = ? AND `p` . `active` = ? GROUP BY `pa` . `attribute_id` , `pa` . `value`";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release counts the facets of a category at every page: one statement takes two thirds of a load of twice the vCPUs",
  world: (dice) => {
    const facet = dice.number(112, 128) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 8,
          memoryGib: 32,
          freeGib: 214,
          connections: 140,
          cpu: 41,
          iops: 650,
        }),
        CPUUtilization: even(steps(41, 97, 17)),
        DatabaseConnections: moves(140, 196, 17),
        DBLoad: steps(3.3, facet + 5.2, 17),
        DBLoadCPU: steps(2.5, facet * 0.72 + 3.1, 17),
        DBLoadNonCPU: steps(0.8, facet * 0.28 + 2.1, 17),
        NetworkTransmitThroughput: steps(4.3e6, 3.9e6, 17),
      },
      events: [
        told(
          id,
          190,
          "configuration change",
          "Updated parameter innodb_io_capacity to 400 with apply method immediate",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: facet * 0.72 + 3.1,
          "wait/io/table/sql/handler": facet * 0.28 + 1.1,
          "wait/io/file/sql/binlog": 0.4,
          "wait/io/file/innodb/innodb_log_file": 0.3,
          "wait/synch/sxlock/innodb/hash_table_locks": 0.3,
        },
        [
          { sql: facets, waits: { CPU: facet * 0.72, "wait/io/table/sql/handler": facet * 0.28 } },
          {
            sql: "SELECT * FROM `products` WHERE `slug` = ?",
            waits: { CPU: 1.2, "wait/io/table/sql/handler": 0.4 },
          },
          {
            sql: "SELECT * FROM `prices` WHERE `product_id` IN ( ... ) AND `valid_from` <= ?",
            waits: { CPU: 0.9, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "UPDATE `carts` SET `updated_at` = ? WHERE `id` = ?",
            waits: { CPU: 0.3, "wait/io/file/sql/binlog": 0.3 },
          },
        ],
        { shop_web: facet + 4, shop_jobs: 1.2 },
      ),
      alarm: above("CPUUtilization", 80, [96.2, 97.4, 97.1], 12),
      way: "probe-failed",
    };
  },
});
