import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "webshop-db";
const mdl = "wait/synch/cond/sql/MDL_context::COND_wait_status";
const handler = "wait/io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release adds a column to orders while a report of Metabase still reads it; the ALTER waits for the report, and all of the shop waits behind the ALTER",
  world: (dice) => {
    const since = dice.number(61, 64);
    const before = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 16,
        connections: 152,
        cpu: 38,
        iops: 720,
        freeGib: 140,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: steps(38, 14, since),
        DatabaseConnections: between(since, since - 25, 152, 338),
        DBLoad: between(since, since - 6, 1.5, 66),
        DBLoadCPU: steps(1.2, 0.5, since),
        DBLoadNonCPU: between(since, since - 6, 0.3, 65.5),
        ReadIOPS: steps(290, 250, since),
        WriteIOPS: steps(430, 110, since),
        WriteThroughput: steps(9e6, 2.2e6, since),
        NetworkReceiveThroughput: steps(1.37e6, 0.4e6, since),
        NetworkTransmitThroughput: steps(4.7e6, 1.5e6, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { [mdl]: 62.7, [handler]: 0.83, CPU: 0.52 },
        [
          {
            sql: "SELECT `o` . `id` , `o` . `status` , `o` . `total` FROM `orders` `o` WHERE `o` . `customer_id` = ? ORDER BY `o` . `id` DESC LIMIT ?",
            waits: { [mdl]: 37.9 },
          },
          {
            sql: "INSERT INTO `orders` ( `customer_id` , `status` , `total` , `currency` , `created_at` ) VALUES (...)",
            waits: { [mdl]: 18.6 },
          },
          { sql: "UPDATE `orders` SET `status` = ? WHERE `id` = ?", waits: { [mdl]: 5.2 } },
          {
            sql: "ALTER TABLE `orders` ADD COLUMN `gift_note` VARCHAR (?) NULL",
            waits: { [mdl]: 1 },
          },
          {
            sql: "SELECT DATE ( `o` . `created_at` ) , `c` . `country` , SUM ( `o` . `total` ) , COUNT ( DISTINCT `o` . `customer_id` ) FROM `orders` `o` JOIN `customers` `c` ON `c` . `id` = `o` . `customer_id` WHERE `o` . `created_at` >= ? GROUP BY ?, ...",
            waits: { [handler]: 0.69, CPU: 0.3 },
          },
          {
            sql: "SELECT `id` , `name` , `price` FROM `products` WHERE `slug` = ?",
            waits: { CPU: 0.14, [handler]: 0.11 },
          },
        ],
        { webshop: 62.1, flyway: 1, metabase: 0.99 },
      ),
      changes: [
        {
          at: ago(60 * 24 * 11).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${id}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 300, [303, 311, 317], 41),
      alsoAlarms: [above("DBLoad", 16, [21.4, 37.2, 52.8], 57)],
      way: "probe-failed",
    };
  },
});
