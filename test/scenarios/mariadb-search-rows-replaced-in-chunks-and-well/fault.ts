import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** A reindexing as shops run it at night: by the key, a hundred rows a statement, each for itself. */
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A shop rebuilds its price index by REPLACE of a hundred rows at a time, while the shop reads it by its key",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(66)],
  make: async (stage) => {
    const setup = await oneMy(stage, "magento-indexer");
    await setup.query(
      "CREATE TABLE product_price_index (entity_id int unsigned NOT NULL, customer_group_id smallint unsigned NOT NULL, website_id smallint unsigned NOT NULL, final_price decimal(12,4), min_price decimal(12,4), PRIMARY KEY (entity_id, customer_group_id, website_id), KEY by_min_price (min_price)) ENGINE=InnoDB",
    );
    await setup.query(
      `INSERT INTO product_price_index SELECT n DIV 4, n % 4, 1, n % 900, n % 900 FROM ${numbersTo(40_000)}`,
    );
    await setup.query("ANALYZE TABLE product_price_index");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [setup], 40, async (client, turn) => {
      const first = (turn * 25) % 9900;
      const rows = Array.from(
        { length: 100 },
        (_, n) => `(${first + Math.floor(n / 4)}, ${n % 4}, 1, ${(turn * n) % 900}, ${(turn * n) % 900})`,
      );
      await client.query(`REPLACE INTO product_price_index VALUES ${rows.join(", ")}`);
      await pause(20);
    });
    const shop = await stage.mySessions(stage.number(4, 6), "magento-web");
    await keepRunning(stage, shop, 800, async (client, turn) => {
      await client.query(
        "SELECT final_price, min_price FROM product_price_index WHERE entity_id = ? AND customer_group_id = ? AND website_id = 1",
        [turn % 9900, turn % 4],
      );
      await pause(3);
    });
    return { culprits: [] };
  },
});
