import { calmRds } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "booking-core";
const rolledOut = 46;

const search =
  "SELECT `r`.`id`, MIN(`c`.`price`) AS `from_price` FROM `rooms` `r` JOIN `room_calendar` `c` ON `c`.`room_id` = `r`.`id` WHERE `c`.`night` BETWEEN ? AND ? AND `c`.`free` >= ? AND `r`.`region_id` IN (...) GROUP BY `r`.`id` HAVING COUNT(*) = ? ORDER BY `from_price` LIMIT ?";

export const scenario = defineOutside({
  engine: "mysql",
  title: "A flexible-dates search is rolled out to more and more users and fills all eight vCPUs",
  world: (dice) => {
    const cpu = dice.number(96, 98);
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 268,
        connections: 312,
        cpu: 37,
        iops: 640,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m6g.2xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1c",
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: null,
        },
      ],
      metrics: {
        ...calm,
        CPUUtilization: moves(37, cpu, rolledOut),
        DBLoad: moves(3, 21.4, rolledOut),
        DBLoadCPU: moves(2.3, 17.6, rolledOut),
        DBLoadNonCPU: moves(0.7, 3.8, rolledOut),
        DatabaseConnections: moves(312, 394, rolledOut),
      },
      events: [
        told(id, 71, "backup", "Creating manual snapshot"),
        told(id, 63, "backup", "Manual snapshot created"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: 15.2,
          "wait/io/table/sql/handler": 2.2,
          "wait/synch/sxlock/innodb/hash_table_locks": 0.7,
          "wait/io/file/innodb/innodb_data_file": 0.4,
        },
        [
          {
            sql: search,
            waits: {
              CPU: 13.4,
              "wait/io/table/sql/handler": 1.9,
              "wait/synch/sxlock/innodb/hash_table_locks": 0.6,
            },
          },
          {
            sql: "SELECT * FROM `properties` WHERE `id` = ?",
            waits: { CPU: 0.9, "wait/io/table/sql/handler": 0.1 },
          },
          {
            sql: "SELECT * FROM `reservations` WHERE `guest_id` = ? AND `state` IN (...)",
            waits: { CPU: 0.6 },
          },
          {
            sql: "UPDATE `room_calendar` SET `free` = `free` - ? WHERE `room_id` = ? AND `night` = ?",
            waits: { CPU: 0.3, "wait/io/file/innodb/innodb_data_file": 0.2 },
          },
        ],
        { booking_web: 18.2, channel_sync: 1.2 },
      ),
      alarm: above("CPUUtilization", 85, [86.2, 88.9, 90.1, 91.6, 93], 9),
      alsoAlarms: [above("DBLoad", 16, [16.4, 17.3, 18.1], 7)],
      way: "probe-failed",
    };
  },
});
