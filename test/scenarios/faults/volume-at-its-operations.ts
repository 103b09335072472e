import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import type { Dice, World } from "../support/outside/world.ts";

const id = "catalog-db";

/** gp3 under 400 GiB: 3,000 IOPS, and no more can be bought at this size. */
const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.42",
    DBInstanceClass: "db.r6g.xlarge",
    AllocatedStorage: 250,
    Iops: 3000,
    StorageThroughput: 125,
  }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 96,
  connections: 142,
  cpu: 34,
  iops: 1450,
});

const waits = (io: number, cpu: number) => ({ "io/file/innodb/innodb_data_file": io, CPU: cpu });

/** The volume of a MySQL instance at its 3,000 IOPS, read by many statements. */
export function volumeAtItsOperations(dice: Dice): World {
  const minutes = dice.number(38, 55);
  return {
    instances,
    metrics: {
      ...calm,
      CPUUtilization: steps(34, 29, minutes),
      ReadIOPS: even(steps(580, 2260, minutes)),
      WriteIOPS: even(steps(870, 735, minutes)),
      ReadThroughput: even(steps(10.2e6, 37.4e6, minutes)),
      WriteThroughput: even(steps(17.8e6, 15.1e6, minutes)),
      ReadLatency: steps(0.0008, 0.0124, minutes),
      WriteLatency: steps(0.0016, 0.0098, minutes),
      DiskQueueDepth: steps(1.7, 35, minutes),
      DatabaseConnections: moves(142, 189, minutes),
      DBLoad: steps(2.1, 23, minutes),
      DBLoadCPU: steps(1.1, 0.9, minutes),
      DBLoadNonCPU: steps(1, 22, minutes),
    },
    events: nightlyBackup(id),
    load: loadOf(
      {
        "io/file/innodb/innodb_data_file": 18.9,
        "io/table/sql/handler": 1.6,
        "io/file/sql/binlog": 1.4,
        CPU: 0.9,
      },
      [
        { sql: "SELECT * FROM `product` WHERE `id` = ?", waits: waits(3.4, 0.2) },
        { sql: "SELECT * FROM `product_image` WHERE `product_id` = ?", waits: waits(3.1, 0.1) },
        { sql: "SELECT * FROM `price` WHERE `product_id` = ? AND `country` = ?", waits: waits(2.9, 0.1) },
        {
          sql: "SELECT * FROM `review` WHERE `product_id` = ? ORDER BY `id` DESC LIMIT ?",
          waits: waits(2.6, 0.1),
        },
        { sql: "SELECT * FROM `stock` WHERE `sku` = ?", waits: waits(2.4, 0.1) },
        { sql: "UPDATE `product` SET `viewed` = `viewed` + ? WHERE `id` = ?", waits: waits(2.2, 0.1) },
        { sql: "COMMIT", waits: { "io/file/sql/binlog": 1.4 } },
      ],
      { catalog: 21.4, importer: 1.1 },
    ),
    alarm: above("DiskQueueDepth", 10, [33.1, 36.4, 34.8, 35.5, 34.2], minutes - 7),
    way: "probe-failed",
  };
}
