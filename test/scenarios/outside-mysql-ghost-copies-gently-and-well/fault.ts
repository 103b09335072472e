import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const gib = 1024 ** 3;
const id = "orders-core";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing: gh-ost copies a table in small steps that it slows down by itself; the writes are more than the alarm thinks, and far below what the volume does",
  world: (dice) => {
    const since = dice.number(95, 105);
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 702,
        connections: 240,
        cpu: 33,
        iops: 1900,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 1200,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(33), since, 42),
        WriteIOPS: turns(usual(1140), since, 3150),
        WriteThroughput: turns(usual(24e6), since, 71e6),
        ReadIOPS: turns(usual(760), since, 980),
        DiskQueueDepth: turns(usual(2.3), since, 4.9),
        WriteLatency: turns(usual(0.0015), since, 0.0016),
        BinLogDiskUsage: turns(usual(2.1 * gib), since, 9.4 * gib),
        FreeStorageSpace: (now) => (now > since ? 702 : 702 - 0.31 * (since - now)) * gib,
        DBLoad: turns(usual(2.6), since, 3.3),
        DBLoadCPU: turns(usual(2.0), since, 2.5),
        DBLoadNonCPU: turns(usual(0.6), since, 0.8),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(60 * 24 * 5).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "allocatedStorage=1200, applyImmediately=true",
          error: null,
        },
      ],
      load: loadOf(
        {
          CPU: 2.5,
          "wait/io/redo_log_flush": 0.3,
          "wait/io/table/sql/handler": 0.3,
          "wait/io/file/sql/binlog": 0.2,
        },
        [
          {
            sql: "INSERT /* gh-ost `core`.`order_items` */ IGNORE INTO `core`.`_order_items_gho` (`id`, `order_id`, `sku`, `qty`, `price`) (SELECT `id`, `order_id`, `sku`, `qty`, `price` FROM `core`.`order_items` FORCE INDEX (`PRIMARY`) WHERE (((`id` > ?)) AND ((`id` < ?) OR ((`id` = ?)))) LOCK IN SHARE MODE)",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.1, "wait/io/redo_log_flush": 0.1 },
          },
          {
            sql: "SELECT `o`.* FROM `orders` `o` WHERE `o`.`customer_id` = ? ORDER BY `o`.`id` DESC LIMIT ?",
            waits: { CPU: 1.1, "wait/io/table/sql/handler": 0.2 },
          },
          {
            sql: "INSERT INTO `order_items` (`order_id`, `sku`, `qty`, `price`) VALUES (...)",
            waits: { CPU: 0.3, "wait/io/redo_log_flush": 0.2 },
          },
        ],
        { core_app: 2.3, schema_change: 0.9 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since,
              441_207,
              "[Note] [MY-010462] [Repl] Start binlog_dump to source_thread_id(441207) replica_server(99999), pos(mysql-bin-changelog.119204, 4)",
            ),
          ],
          since,
        ),
      ],
      alarm: above("WriteIOPS", 2500, [3080, 3190, 3140], 58),
      way: "probe-failed",
    };
  },
});
