import { calmRds } from "../support/outside/calm.ts";
import { byHour, even, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "booking-mysql";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The alarm asks for a load of four, as many vCPUs as the class of last spring had: five on sixteen are the noon of every day",
  world: (dice) => {
    const load = dice.number(51, 55) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.4",
          DBInstanceClass: "db.r6g.4xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 16,
            memoryGib: 128,
            freeGib: 391,
            connections: 612,
            cpu: 29,
            iops: 3100,
          }),
        ),
        DBLoad: even(byHour(load)),
        DBLoadCPU: even(byHour(load - 1.3)),
        DBLoadNonCPU: even(byHour(1.3)),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: load - 1.3,
          "wait/io/table/sql/handler": 0.7,
          "wait/io/file/sql/binlog": 0.4,
          "wait/io/file/innodb/innodb_log_file": 0.2,
        },
        [
          {
            sql: "SELECT `rooms` . `id` FROM `rooms` LEFT JOIN `stays` ON `stays` . `room_id` = `rooms` . `id` AND `stays` . `day` BETWEEN ? AND ? WHERE `rooms` . `hotel_id` = ? AND `stays` . `id` IS NULL",
            waits: { CPU: 1.3, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "SELECT * FROM `hotels` WHERE `city_id` = ? AND `stars` >= ? LIMIT ?",
            waits: { CPU: 0.9, "wait/io/table/sql/handler": 0.2 },
          },
          {
            sql: "SELECT * FROM `rates` WHERE `room_id` IN (...) AND `day` BETWEEN ? AND ?",
            waits: { CPU: 0.8, "wait/io/table/sql/handler": 0.2 },
          },
          {
            sql: "INSERT INTO `searches` ( `session_id` , `query` , `at` ) VALUES (...)",
            waits: { CPU: 0.3, "wait/io/file/sql/binlog": 0.3 },
          },
        ],
        { booking_web: load - 0.6, booking_jobs: 0.6 },
      ),
      alarm: above("DBLoad", 4, [4.9, 5.2, 5.4], 11),
      way: "probe-failed",
    };
  },
});
