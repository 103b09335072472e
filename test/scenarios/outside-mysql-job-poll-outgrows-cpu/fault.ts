import { calmRds } from "../support/outside/calm.ts";
import { byHour, type Curve, even, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "backoffice-mysql";

const poll =
  "SELECT `delayed_jobs` . * FROM `delayed_jobs` WHERE ( ( `run_at` <= ? AND ( `locked_at` IS NULL OR `locked_at` < ? ) ) OR `locked_by` = ? ) AND `failed_at` IS NULL ORDER BY `priority` ASC , `run_at` ASC LIMIT ?";

const calm = withDays(
  calmRds({ engine: "mysql", vcpus: 4, memoryGib: 16, freeGib: 96, connections: 118, cpu: 51, iops: 540 }),
);

/** Each failed job stays in the table: more to read by every poll, since a partner refuses three hours ago. */
function grows(week: number, day: number, now: number): Curve {
  return (ago) => {
    if (ago > 4 * 1440) return byHour(week)(ago);
    return ago > 170 ? byHour(day)(ago) : now + ((day - now) * Math.max(0, ago - 40)) / 130;
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Forty workers poll a queue that keeps its failed jobs: each poll reads them all, and takes most of the load of four vCPUs",
  world: (dice) => {
    const polls = dice.number(66, 70) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: even(grows(51, 76, 98.6)),
        DatabaseConnections: turns(calm["DatabaseConnections"] ?? byHour(118), 170, 131),
        DBLoad: even(grows(2.2, 4.1, polls + 2.8)),
        DBLoadCPU: even(grows(1.7, 3.4, polls + 2.1)),
        DBLoadNonCPU: even(grows(0.5, 0.7, 0.7)),
      },
      events: [
        told(
          `${id}-params`,
          322,
          "configuration change",
          "Updated parameter long_query_time to 1 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: polls + 2.1,
          "wait/io/table/sql/handler": 0.4,
          "wait/io/file/sql/binlog": 0.2,
          "wait/io/file/innodb/innodb_log_file": 0.1,
        },
        [
          { sql: poll, waits: { CPU: polls, "wait/io/table/sql/handler": 0.3 } },
          {
            sql: "SELECT `customers` . * FROM `customers` WHERE `customers` . `account_id` = ? ORDER BY `customers` . `name` ASC LIMIT ?",
            waits: { CPU: 0.7, "wait/io/table/sql/handler": 0.1 },
          },
          {
            sql: "UPDATE `delayed_jobs` SET `locked_at` = ? , `locked_by` = ? WHERE `id` = ? AND ( `locked_at` IS NULL OR `locked_at` < ? )",
            waits: { CPU: 0.3, "wait/io/file/sql/binlog": 0.1 },
          },
          {
            sql: "SELECT `orders` . * FROM `orders` WHERE `orders` . `customer_id` = ? AND `orders` . `state` = ? LIMIT ?",
            waits: { CPU: 0.4 },
          },
          {
            sql: "INSERT INTO `audits` ( `auditable_id` , `auditable_type` , `action` , `audited_changes` , `created_at` ) VALUES (...)",
            waits: { CPU: 0.2, "wait/io/file/sql/binlog": 0.1, "wait/io/file/innodb/innodb_log_file": 0.1 },
          },
        ],
        { backoffice_jobs: polls + 0.7, backoffice_web: 2.1 },
      ),
      alarm: above("CPUUtilization", 90, [97.9, 98.4, 98.7], 21),
      alsoAlarms: [above("DBLoad", 8, [8.6, 9.3, 9.5], 14)],
      way: "probe-failed",
    };
  },
});
