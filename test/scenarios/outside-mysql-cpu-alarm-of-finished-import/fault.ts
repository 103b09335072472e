import { calmRds } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { cutOff, inPart } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { poolOn } from "../support/outside/mysql-queues.ts";

const id = "catalog-db";
const began = 41;
const ended = 7;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "An import of a supplier's list kept the CPU busy for half an hour and is done; the alarm is OK again",
  world: (dice) => {
    const now = dice.number(26, 29);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 450,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 240,
            connections: 122,
            cpu: now,
            iops: 520,
          }),
        ),
        CPUUtilization: during(began, ended, 91, now),
        DBLoad: during(began, ended, 4.4, 1.1),
        DBLoadCPU: during(began, ended, 3.7, 0.9),
        DBLoadNonCPU: during(began, ended, 0.7, 0.2),
        WriteIOPS: during(began, ended, 1900, 310),
        WriteThroughput: during(began, ended, 38e6, 6.5e6),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2.4, "wait/io/table/sql/handler": 0.2, "wait/io/file/innodb/innodb_data_file": 0.2 },
        [
          {
            sql: "INSERT INTO `supplier_prices` VALUES (...) ON DUPLICATE KEY UPDATE `price` = VALUES (...)",
            waits: { CPU: 1.5, "wait/io/file/innodb/innodb_data_file": 0.1 },
          },
          { sql: "SELECT * FROM `products` WHERE `sku` = ?", waits: { CPU: 0.4 } },
          { sql: "SELECT `price` FROM `supplier_prices` WHERE `sku` = ?", waits: { CPU: 0.2 } },
        ],
        { importer: 1.7, catalog_web: 1.1 },
      ),
      alarm: { ...above("CPUUtilization", 80, [90.4, 91.7, 92.1], 36), state: "OK" },
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.42",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.42", 2_610_300, 2600)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            ...poolOn("catalog_web", { "10.4.18.23": 57, "10.4.33.9": 59 }, 1.4, 17),
            groupOf("catalog_web", "10.4.33.9", "active", 3, [0.01, 0.1]),
            groupOf("importer", "10.4.40.11", "idle", 2, [410, 421]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(80_911, "catalog_web", 0.1, "executing", "SELECT * FROM products WHERE sku = ?"),
          ],
          "mysql-row-locks": [nobodyWaits],
        },
        rest: cutOff,
      }),
    };
  },
});
