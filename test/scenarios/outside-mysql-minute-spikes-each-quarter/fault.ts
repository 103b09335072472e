import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "meters-prod";

/** A minute and a half at every quarter of an hour; the last began so many minutes ago. */
function eachQuarter(began: number, inside: number, outside: number): Curve {
  const calm = usual(outside);
  return (ago) => ((((began - ago) % 15) + 15) % 15 < 1.5 ? inside : calm(ago));
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A job adds the meters up at every quarter of an hour, and its minute at nine tenths of the CPU meets an alarm of one datapoint",
  world: (dice) => {
    const began = dice.number(5, 7);
    const curve = (inside: number, outside: number) => eachQuarter(began, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 250,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 131,
            connections: 71,
            cpu: 29,
            iops: 420,
          }),
        ),
        CPUUtilization: curve(89, 29),
        ReadIOPS: curve(710, 168),
        DBLoad: curve(2.2, 0.6),
        DBLoadCPU: curve(1.8, 0.5),
        DBLoadNonCPU: curve(0.4, 0.1),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.63, "wait/io/table/sql/handler": 0.1, "wait/io/file/sql/binlog": 0.05 },
        [
          {
            sql: "INSERT INTO `readings_quarter` SELECT `meter_id` , ? , SUM ( `wh` ) FROM `readings` WHERE `at` >= ? AND `at` < ? GROUP BY `meter_id`",
            waits: { CPU: 0.13, "wait/io/table/sql/handler": 0.03 },
          },
          {
            sql: "INSERT INTO `readings` VALUES (...)",
            waits: { CPU: 0.3, "wait/io/file/sql/binlog": 0.05 },
          },
          {
            sql: "SELECT * FROM `readings_quarter` WHERE `meter_id` = ? AND `at` >= ?",
            waits: { CPU: 0.2, "wait/io/table/sql/handler": 0.07 },
          },
        ],
        { collector: 0.4, portal: 0.25, cron: 0.13 },
      ),
      alarm: { ...above("CPUUtilization", 80, [88.7], began - 1), state: "OK" },
      way: "probe-failed",
    };
  },
});
