import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "fulfil-main";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The order page of a new release reads its events by a column without an index and takes four vCPUs; in the morning somebody turned the slow log on",
  world: (dice) => {
    const minutes = dice.number(31, 35);
    const pages = 11.2;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 151,
            connections: 190,
            cpu: 41,
            iops: 720,
          }),
        ),
        CPUUtilization: steps(41, 98.2, minutes),
        DatabaseConnections: steps(190, 214, minutes),
        ReadIOPS: steps(290, 340, minutes),
        DBLoad: steps(1.7, pages + 3.4, minutes),
        DBLoadCPU: steps(1.3, pages + 2.4, minutes),
        DBLoadNonCPU: steps(0.4, 1, minutes),
      },
      events: [
        told(
          `${id}-params`,
          5 * 60 + 12,
          "configuration change",
          "Updated parameter slow_query_log to 1 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: pages + 2.4,
          "wait/io/table/sql/handler": 0.6,
          "wait/io/file/innodb/innodb_data_file": 0.2,
          "wait/io/file/sql/binlog": 0.2,
        },
        [
          {
            sql: "SELECT `e` . * FROM `order_events` `e` WHERE `e` . `order_ref` = ? ORDER BY `e` . `occurred_at` DESC LIMIT ?",
            waits: { CPU: pages, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "SELECT * FROM `orders` WHERE `customer_id` = ? ORDER BY `id` DESC LIMIT ?",
            waits: { CPU: 0.8, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "UPDATE `parcels` SET `state` = ? WHERE `id` = ?", waits: { CPU: 0.6 } },
          {
            sql: "INSERT INTO `order_events` VALUES (...)",
            waits: { CPU: 0.4, "wait/io/file/sql/binlog": 0.2 },
          },
          {
            sql: "SELECT * FROM `parcels` WHERE `carrier_no` = ?",
            waits: { CPU: 0.4, "wait/io/table/sql/handler": 0.1 },
          },
        ],
        { fulfil_web: pages + 1.6, fulfil_jobs: 1.6 },
      ),
      alarm: above("CPUUtilization", 90, [97.6, 98.4, 98.1], minutes - 5),
      way: "probe-failed",
    };
  },
});
