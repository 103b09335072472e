import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "basket-prod-1";
const handler = "io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title: "A newsletter gives everybody a coupon, and each basket asks for it by UPPER(code) over all coupons",
  world: (dice) => {
    const minutes = dice.number(24, 29);
    const checks = dice.number(17, 20);
    const calm = calmRds({
      engine: "mysql",
      vcpus: 8,
      memoryGib: 32,
      freeGib: 212,
      connections: 190,
      cpu: 34,
      iops: 900,
    });
    const self = { Engine: "mysql", EngineVersion: "8.0.40", DBInstanceClass: "db.m6i.2xlarge" };
    return {
      instances: [instanceOf(id, { ...self, AllocatedStorage: 500, Iops: 12_000, StorageThroughput: 500 })],
      metrics: {
        ...withDays(calm),
        CPUUtilization: steps(34, 98, minutes),
        DBLoad: steps(2.7, checks + 5.4, minutes),
        DBLoadCPU: steps(2.1, checks + 4.1, minutes),
        DBLoadNonCPU: steps(0.6, 1.3, minutes),
        DatabaseConnections: steps(190, 262, minutes - 2),
        NetworkTransmitThroughput: steps(5.9e6, 6.6e6, minutes),
        NetworkReceiveThroughput: steps(1.7e6, 1.95e6, minutes),
      },
      events: [
        told(id, 74, "backup", "Finished DB Instance backup"),
        told(id, 83, "backup", "Backing up DB instance"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: checks + 4.1, [handler]: 0.9, "io/redo_log_flush": 0.3 },
        [
          {
            sql: "SELECT `id` , `discount` , `valid_until` FROM `coupon_codes` WHERE UPPER ( `code` ) = ? AND `redeemed_at` IS NULL",
            waits: { CPU: checks, [handler]: 0.5 },
          },
          { sql: "SELECT * FROM `baskets` WHERE `token` = ?", waits: { CPU: 1.7, [handler]: 0.2 } },
          {
            sql: "SELECT `p` . `id` , `p` . `price` FROM `products` `p` WHERE `p` . `sku` IN (...)",
            waits: { CPU: 1.6, [handler]: 0.2 },
          },
          {
            sql: "UPDATE `baskets` SET `total` = ? WHERE `id` = ?",
            waits: { CPU: 0.5, "io/redo_log_flush": 0.3 },
          },
        ],
        { basket_api: checks + 4.6, backoffice: 0.7 },
      ),
      alarm: above("CPUUtilization", 85, [91.2, 97.6, 98.1], minutes - 3),
      alsoAlarms: [above("DBLoad", 16, [21.7, 23.9, 24.4], minutes - 5)],
      way: "silent",
    };
  },
});
