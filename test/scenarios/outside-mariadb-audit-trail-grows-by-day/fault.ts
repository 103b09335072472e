import { calmRds } from "../support/outside/calm.ts";
import { daily } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { byDay, eachHour } from "../support/outside/recurring.ts";

const id = "clinic-records";
const gib = 1024 ** 3;
const perDay = 3.4;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "An audit trail that nobody purges takes 3.4 GiB a day of 200 GiB without autoscaling: less than four days are left",
  world: (dice) => {
    const left = 11.9;
    const job = dice.number(21, 29);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 200,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "mariadb", vcpus: 2, memoryGib: 8, connections: 57, cpu: 31, iops: 240 }),
        FreeStorageSpace: byDay(left * gib, -perDay * gib),
        CPUUtilization: eachHour(job, 5, 74, 31),
        DatabaseConnections: daily(57, 0.3),
        WriteIOPS: daily(144, 0.25),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.5, "io/file/innodb/innodb_log_file": 0.08, "io/table/sql/handler": 0.06 },
        [
          {
            sql: "INSERT INTO `audit_trail` ( `actor` , `action` , `before_json` , `after_json` , `at` ) VALUES (...)",
            waits: { CPU: 0.13, "io/file/innodb/innodb_log_file": 0.06 },
          },
          {
            sql: "SELECT * FROM `patients` WHERE `id` = ?",
            waits: { CPU: 0.15, "io/table/sql/handler": 0.03 },
          },
          {
            sql: "SELECT `id` , `starts_at` FROM `appointments` WHERE `doctor_id` = ? AND `day` = ?",
            waits: { CPU: 0.11, "io/table/sql/handler": 0.03 },
          },
        ],
        { clinic_app: 0.55, statistics: 0.09 },
      ),
      alarm: below("FreeStorageSpace", 12 * gib, [11.999 * gib, 11.997 * gib, 11.994 * gib], 39),
      way: "dropped",
    };
  },
});
