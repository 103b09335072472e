import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "booking-db";
const calm = calmRds({
  engine: "mysql",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 90,
  connections: 120,
  cpu: 41,
  iops: 700,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "ALTER TABLE waits behind a report, and everybody who wants the table waits behind it: the CPU falls asleep",
  world: (dice) => {
    const waiting = dice.number(52, 88);
    return {
      instances: [
        instanceOf(id, { Engine: "mysql", EngineVersion: "8.4.5", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(41, 7, 9),
        DBLoad: moves(1.6, waiting + 2, 9),
        DBLoadCPU: steps(1.2, 0.3, 9),
        DBLoadNonCPU: moves(0.4, waiting + 1, 9),
        ReadIOPS: steps(280, 60, 9),
        WriteIOPS: steps(420, 40, 9),
        DatabaseConnections: moves(120, 120 + waiting, 9),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "wait/synch/cond/sql/MDL_context::COND_wait_status": waiting,
          cpu: 0.3,
          "io/table/sql/handler": 0.9,
        },
        [
          {
            sql: "SELECT `id` , `seat` FROM `bookings` WHERE `flight` = ?",
            waits: { "wait/synch/cond/sql/MDL_context::COND_wait_status": waiting * 0.7 },
          },
          {
            sql: "INSERT INTO `bookings` ( `flight` , `seat` , `guest` ) VALUES (...)",
            waits: { "wait/synch/cond/sql/MDL_context::COND_wait_status": waiting * 0.27 },
          },
          {
            sql: "ALTER TABLE `bookings` ADD COLUMN `meal` VARCHAR (?)",
            waits: { "wait/synch/cond/sql/MDL_context::COND_wait_status": 1 },
          },
          {
            sql: "SELECT COUNT ( * ) FROM `bookings` GROUP BY `guest`",
            waits: { "io/table/sql/handler": 0.9 },
          },
        ],
        { web: waiting, migrations: 1, reporting: 1.1 },
      ),
      alarm: above("DBLoad", 16, [28, 39, 51], 5),
      way: "probe-failed",
    };
  },
});
