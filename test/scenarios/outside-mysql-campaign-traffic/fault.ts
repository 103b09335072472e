import { calmRds } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "shop-eu";

/** Shares of the load by statement: as on every day, none of them stands out. */
const mix: readonly (readonly [string, number])[] = [
  ["SELECT `id` , `name` , `price` FROM `products` WHERE `category_id` = ? LIMIT ?", 0.16],
  ["SELECT `id` , `qty` FROM `cart_items` WHERE `cart_id` = ?", 0.14],
  ["SELECT * FROM `sessions` WHERE `token` = ?", 0.13],
  ["UPDATE `carts` SET `touched_at` = ? WHERE `id` = ?", 0.11],
  ["SELECT `p` . `id` FROM `promotions` `p` WHERE `p` . `starts_at` < ? AND `p` . `ends_at` > ?", 0.1],
  ["INSERT INTO `orders` ( `customer_id` , `total` ) VALUES (...)", 0.09],
  ["SELECT `street` , `city` FROM `addresses` WHERE `customer_id` = ?", 0.08],
];

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A campaign brings three times the visitors: the same statements, each more often, and the CPU is full",
  world: (dice) => {
    const up = dice.number(20, 26);
    const load = dice.number(19, 27);
    const threefold = (before: number) => moves(before, before * (2.7 + dice.number(0, 4) / 10), up);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 118,
          connections: 160,
          cpu: 34,
          iops: 520,
        }),
        CPUUtilization: (ago) => (ago >= up ? 34 : Math.min(98.4, 34 + (64.4 * (up - ago)) / (up - 8))),
        DatabaseConnections: threefold(160),
        NetworkReceiveThroughput: threefold(1.44e6),
        NetworkTransmitThroughput: threefold(5e6),
        ReadIOPS: threefold(208),
        WriteIOPS: threefold(312),
        DBLoad: moves(1.4, load, up),
        DBLoadCPU: moves(1.1, load * 0.9, up),
        DBLoadNonCPU: moves(0.3, load * 0.1, up),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: load * 0.9,
          "io/table/sql/handler": load * 0.05,
          "io/redo_log_flush": load * 0.03,
        },
        mix.map(([sql, share]) => ({ sql, waits: { CPU: load * share } })),
        { web: load * 0.79, checkout: load * 0.18 },
      ),
      alarm: above("CPUUtilization", 90, [96.1, 97.8, 98.2], 6),
      way: "probe-failed",
    };
  },
});
