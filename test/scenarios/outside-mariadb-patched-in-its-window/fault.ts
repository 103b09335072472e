import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const database = "clinic-appointments";

const calm = calmRds({ engine: "mariadb", vcpus: 4, memoryGib: 32, connections: 120, cpu: 34, iops: 480 });

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A minor version was installed in the announced window and all is as before: clients are back, the cache is warm",
  world: (dice) => {
    const done = dice.number(46, 58);
    const down = done + 4;
    const patched = told(database, done, "maintenance", "Database instance patched");
    return {
      instances: [
        instanceOf(database, {
          Engine: "mariadb",
          EngineVersion: "10.11.13",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        DatabaseConnections: during(down, done, 0, 120),
        CPUUtilization: during(down, done, 9, 34),
        ReadIOPS: during(done, done - 18, 1350, 192),
        DBLoad: during(down, done, 0, 1.3),
      },
      events: [
        ...nightlyBackup(database),
        told(database, down + 2, "maintenance", "Applying off-line patches to DB instance"),
        told(database, down, "availability", "DB instance shutdown"),
        told(database, done + 1, "availability", "DB instance restarted"),
        told(database, done, "maintenance", "Finished applying off-line patches to DB instance"),
        patched,
      ],
      load: loadOf(
        { CPU: 0.9, "io/table/sql/handler": 0.3 },
        [
          {
            sql: "SELECT * FROM `appointments` WHERE `practice_no` = ? AND `starts_at` BETWEEN ? AND ?",
            waits: { CPU: 0.5, "io/table/sql/handler": 0.2 },
          },
          { sql: "INSERT INTO `reminders` VALUES (...)", waits: { CPU: 0.2 } },
        ],
        { appointments: 0.9, reminders: 0.2 },
      ),
      notice: notice("RDS-EVENT-0047", patched),
      way: "probe-failed",
    };
  },
});
