import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "search-mysql";
const mib = 1024 ** 2;
const file = "wait/io/file/innodb/innodb_data_file";

/** By Little's law 7,700 I/Os a second of 1.2 ms each are nine at a time. */
export const scenario = defineOutside({
  engine: "mysql",
  title: "A queue of nine at 7,700 of 12,000 I/Os and 1.2 ms, as every day at noon; the alarm says eight",
  world: (dice) => {
    const reads = dice.number(5500, 5700);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.4xlarge",
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 16,
          memoryGib: 128,
          freeGib: 402,
          connections: 350,
          cpu: 44,
          iops: 7700,
        }),
        ReadIOPS: usual(reads),
        WriteIOPS: usual(2100),
        ReadThroughput: usual(reads * 16_384),
        WriteThroughput: usual(41 * mib),
        ReadLatency: usual(0.00115),
        WriteLatency: usual(0.0013),
        DiskQueueDepth: usual(reads * 0.00115 + 2100 * 0.0013),
        DBLoad: usual(11),
        DBLoadCPU: usual(6.3),
        DBLoadNonCPU: usual(4.7),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 6.3,
          [file]: 2.2,
          "wait/io/table/sql/handler": 1.4,
          "wait/io/file/innodb/innodb_log_file": 0.6,
          "wait/io/file/sql/binlog": 0.5,
        },
        [
          {
            sql: "SELECT `id` , `title` , `rank` FROM `documents` WHERE `shard` = ? AND `term_id` = ? ORDER BY `rank` DESC LIMIT ?",
            waits: { CPU: 1.8, [file]: 0.8, "wait/io/table/sql/handler": 0.4 },
          },
          {
            sql: "SELECT * FROM `documents` WHERE `id` IN ( ... )",
            waits: { CPU: 1.4, [file]: 0.7, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "INSERT INTO `postings` ( `term_id` , `document_id` , `rank` ) VALUES (...) ON DUPLICATE KEY UPDATE `rank` = ?",
            waits: {
              CPU: 0.9,
              [file]: 0.4,
              "wait/io/file/innodb/innodb_log_file": 0.5,
              "wait/io/file/sql/binlog": 0.4,
            },
          },
          { sql: "SELECT * FROM `terms` WHERE `word` = ?", waits: { CPU: 1.1, [file]: 0.2 } },
        ],
        { search_api: 7.6, indexer: 3.4 },
      ),
      alarm: above("DiskQueueDepth", 8, [8.8, 9.4, 9.1], 14),
      way: "probe-failed",
    };
  },
});
