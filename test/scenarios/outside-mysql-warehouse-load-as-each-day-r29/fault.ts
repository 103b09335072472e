import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "retail-mysql";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Healthy: the load into the warehouse takes its hour as each day, with 84 % of the CPU; the alarm at 80 % was made this week",
  world: (dice) => {
    const began = dice.number(24, 28);
    const hours = (inside: number, outside: number) => atTheseHours(began, 65, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.4",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 8,
          memoryGib: 64,
          freeGib: 301,
          connections: 142,
          cpu: 31,
          iops: 800,
        }),
        CPUUtilization: hours(84, 31),
        ReadIOPS: hours(2600, 320),
        ReadThroughput: hours(84e6, 5.8e6),
        DiskQueueDepth: hours(2.6, 0.96),
        DBLoad: hours(7.2, 2.5),
        DBLoadCPU: hours(6.4, 1.9),
        DBLoadNonCPU: hours(0.8, 0.6),
        NetworkTransmitThroughput: hours(31e6, 4.4e6),
        DatabaseConnections: usual(146),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 6.4, "wait/io/table/sql/handler": 0.5, "wait/io/socket/sql/client_connection": 0.2 },
        [
          {
            sql: "SELECT * FROM `sales_lines` WHERE `id` > ? AND `id` <= ? ORDER BY `id`",
            waits: {
              CPU: 3.6,
              "wait/io/table/sql/handler": 0.4,
              "wait/io/socket/sql/client_connection": 0.2,
            },
          },
          {
            sql: "SELECT `store_id` , `day` , SUM ( `net` ) FROM `sales_lines` WHERE `day` = ? GROUP BY `store_id` , `day`",
            waits: { CPU: 1.2 },
          },
          { sql: "SELECT * FROM `articles` WHERE `ean` = ?", waits: { CPU: 0.8 } },
        ],
        { warehouse_etl: 5.1, tills: 1.9 },
      ),
      alarm: above("CPUUtilization", 80, [83.1, 84.9, 84.2], began - 4),
      way: "probe-failed",
    };
  },
});
