import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "shop-mysql";
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const file = "wait/io/file/innodb/innodb_data_file";

export const scenario = defineOutside({
  engine: "mysql",
  title: "An ALTER writes order_lines anew beside the old one; in ten minutes the volume is full",
  world: (dice) => {
    const left = dice.number(128, 151) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.m5.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "mysql", vcpus: 8, memoryGib: 32, connections: 188, cpu: 29, iops: 900 }),
        FreeStorageSpace: moves(97 * gib, left * gib, 63),
        ReadIOPS: steps(360, 1750, 63),
        ReadThroughput: steps(360 * 18_000, 27 * mib, 63),
        WriteIOPS: steps(540, 3100, 63),
        WriteThroughput: steps(540 * 21_000, 58 * mib, 63),
        WriteLatency: steps(0.0015, 0.0023, 63),
        DiskQueueDepth: steps(1.1, 8.4, 63),
        CPUUtilization: steps(29, 41, 63),
        DBLoad: steps(2.3, 4.1, 63),
        DBLoadCPU: steps(1.8, 2.4, 63),
        DBLoadNonCPU: steps(0.5, 1.7, 63),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 2.4,
          [file]: 0.6,
          "wait/io/table/sql/handler": 0.6,
          "wait/io/file/innodb/innodb_log_file": 0.3,
          "wait/io/file/sql/binlog": 0.2,
        },
        [
          {
            sql: "ALTER TABLE `order_lines` DROP COLUMN `legacy_payload` , ALGORITHM = INPLACE , LOCK = NONE",
            waits: { [file]: 0.5, CPU: 0.5 },
          },
          {
            sql: "SELECT * FROM `order_lines` WHERE `order_id` = ?",
            waits: { CPU: 0.7, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "INSERT INTO `order_lines` ( `order_id` , `sku` , `qty` , `price` ) VALUES (...)",
            waits: { "wait/io/file/innodb/innodb_log_file": 0.3, "wait/io/file/sql/binlog": 0.2, CPU: 0.3 },
          },
          {
            sql: "SELECT * FROM `stock` WHERE `sku` IN ( ... )",
            waits: { CPU: 0.6, "wait/io/table/sql/handler": 0.2 },
          },
        ],
        { shop: 3.1, migrations: 1 },
      ),
      alarm: below("FreeStorageSpace", 20 * gib, [19.8 * gib, 18.5 * gib, 17.2 * gib], 2),
      way: "probe-failed",
    };
  },
});
