import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "crm-main";
const mdl = "wait/lock/metadata/sql/mdl";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A migration's ALTER TABLE customers waits for a report that has read customers for half an hour, and everybody else waits behind the ALTER",
  world: (dice) => {
    const since = dice.number(10, 12);
    const before = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 240,
        connections: 156,
        cpu: 33,
        iops: 900,
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
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: turns(before["CPUUtilization"] ?? usual(33), since, 19),
        DatabaseConnections: (back) =>
          back > since ? (before["DatabaseConnections"]?.(back) ?? 156) : moves(156, 338, since)(back),
        WriteIOPS: turns(before["WriteIOPS"] ?? usual(540), since, 110),
        ReadIOPS: turns(before["ReadIOPS"] ?? usual(360), since, 190),
        DBLoad: (back) => (back > since ? 2.6 : moves(4, 181, since)(back)),
        DBLoadCPU: steps(2.0, 1.6, since),
        DBLoadNonCPU: (back) => (back > since ? 0.6 : moves(2.4, 179.4, since)(back)),
        NetworkTransmitThroughput: turns(before["NetworkTransmitThroughput"] ?? usual(4.8e6), since, 1.1e6),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { [mdl]: 89.2, CPU: 1.7, "wait/io/table/sql/handler": 0.3, "wait/io/redo_log_flush": 0.1 },
        [
          {
            sql: "SELECT `c` . * FROM `customers` `c` WHERE `c` . `id` = ?",
            waits: { [mdl]: 68.4 },
          },
          { sql: "UPDATE `customers` SET `last_seen_at` = ? WHERE `id` = ?", waits: { [mdl]: 19.9 } },
          {
            sql: "SELECT `c` . `segment` , `c` . `country` , COUNT ( DISTINCT `o` . `id` ) , SUM ( `o` . `total` ) FROM `customers` `c` JOIN `orders` `o` ON `o` . `customer_id` = `c` . `id` WHERE `o` . `placed_at` BETWEEN ? AND ? GROUP BY `c` . `segment` , `c` . `country`",
            waits: { CPU: 0.8, "wait/io/table/sql/handler": 0.2 },
          },
          {
            sql: "ALTER TABLE `customers` ADD COLUMN `marketing_consent_at` DATETIME NULL",
            waits: { [mdl]: 0.9 },
          },
          { sql: "SELECT * FROM `products` WHERE `sku` = ?", waits: { CPU: 0.6 } },
        ],
        { crm_app: 89.2, metabase: 1, flyway: 0.9 },
      ),
      alarm: above("DBLoad", 24, [39.2, 55.8, 71.4], since - 5),
      way: "probe-failed",
    };
  },
});
