import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { stairs } from "../support/outside/stairs.ts";

const id = "logistics-main";
const report =
  "SELECT `m` . `article_id` , SUM ( `m` . `quantity` ) FROM `stock_movements` `m` JOIN `locations` `l` ON `l` . `id` = `m` . `location_id` WHERE `l` . `site` = ? GROUP BY `m` . `article_id`";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A report by cron each ten minutes has grown to more than an hour: seven copies of it run beside one another",
  world: (dice) => {
    const began = dice.number(62, 68);
    const copies = Math.floor(began / 10) + 1;
    const calm = calmRds({
      engine: "mysql",
      vcpus: 8,
      memoryGib: 32,
      freeGib: 260,
      connections: 155,
      cpu: 22,
      iops: 780,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.5",
          DBInstanceClass: "db.m7g.2xlarge",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(calm),
        CPUUtilization: stairs(22, 10.6, began, 10),
        DBLoad: stairs(1.8, 1.06, began, 10),
        DBLoadCPU: stairs(1.35, 0.94, began, 10),
        DBLoadNonCPU: stairs(0.45, 0.12, began, 10),
        DatabaseConnections: stairs(155, 1, began, 10),
        ReadIOPS: stairs(312, 70, began, 10),
        FreeableMemory: stairs(7.4e9, -9e7, began, 10),
      },
      events: [
        told(
          id,
          97,
          "configuration change",
          "Updated parameter max_allowed_packet to 67108864 with apply method immediate.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: 1.35 + copies * 0.94,
          "wait/io/table/sql/handler": 0.3 + copies * 0.12,
          "wait/io/redo_log_flush": 0.15,
        },
        [
          { sql: report, waits: { CPU: copies * 0.94, "wait/io/table/sql/handler": copies * 0.12 } },
          {
            sql: "SELECT `id` , `status` FROM `shipments` WHERE `barcode` = ?",
            waits: { CPU: 0.7, "wait/io/table/sql/handler": 0.2 },
          },
          {
            sql: "INSERT INTO `stock_movements` ( `article_id` , `location_id` , `quantity` ) VALUES (...)",
            waits: { CPU: 0.4, "wait/io/redo_log_flush": 0.15, "wait/io/table/sql/handler": 0.1 },
          },
        ],
        { reports_cron: copies * 1.06, scanner_api: 1.8 },
      ),
      alarm: above("CPUUtilization", 80, [84.9, 86.3, 85.1], began - 53),
      way: "silent",
    };
  },
});
