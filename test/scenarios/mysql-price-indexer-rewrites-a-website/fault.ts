import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The price indexer deletes the prices of a website and computes them anew in one transaction; product pages' saves wait",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const indexer = await oneMy(stage, "indexer-cron");
    const editors = await stage.mySessions(stage.number(4, 6), stage.application());
    await indexer.query(
      "CREATE TABLE product_index_price (entity_id int unsigned NOT NULL, customer_group_id smallint unsigned NOT NULL, website_id smallint unsigned NOT NULL, final_price decimal(20,6) NULL, PRIMARY KEY (entity_id, customer_group_id, website_id))",
    );
    await indexer.query(`INSERT INTO product_index_price SELECT n, 0, 2, n % 300 FROM ${numbersTo(30_000)}`);
    await indexer.query(
      "CREATE TABLE price_rules (rule_id int unsigned NOT NULL, from_sku int NOT NULL, to_sku int NOT NULL, discount decimal(8,4) NOT NULL, PRIMARY KEY (rule_id))",
    );
    await indexer.query(
      `INSERT INTO price_rules SELECT n, n % 700, 900 + n % 30000, 0.03 FROM ${numbersTo(30_000)}`,
    );
    await indexer.query(
      "CREATE TABLE product_entity (entity_id int unsigned NOT NULL PRIMARY KEY, sku int NOT NULL, base decimal(20,6) NOT NULL)",
    );
    await indexer.query(`INSERT INTO product_entity SELECT n, n, 5 + n % 300 FROM ${numbersTo(40_000)}`);
    await ordinaryWork(stage, 3);
    await indexer.query("START TRANSACTION");
    await indexer.query("DELETE FROM product_index_price WHERE website_id = 2");
    stage.leave(
      indexer.query(
        "INSERT INTO product_index_price SELECT e.entity_id, 0, 2, MIN(e.base * (1 - r.discount)) FROM product_entity e JOIN price_rules r ON e.sku BETWEEN r.from_sku AND r.to_sku GROUP BY e.entity_id",
      ),
    );
    await pause(2000);
    for (const [index, client] of editors.entries()) {
      stage.leave(
        client.query(
          "UPDATE product_index_price SET final_price = ? WHERE entity_id = ? AND customer_group_id = 0 AND website_id = 2",
          [19.9, 40 + 17 * index],
        ),
      );
      await pause(700);
    }
    await myWaiting(stage, editors.length, 12);
    return { culprits: [idOf(indexer)] };
  },
});
