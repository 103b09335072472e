import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A sale of forty articles: buyers meet on a row now and then, for some thousandths of a second, and everybody buys",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const buyers = await stage.mySessions(stage.number(12, 16), "checkout");
    const [setup] = buyers;
    await setup?.query(
      "CREATE TABLE article_stock (market char(2) NOT NULL, sku varchar(24) NOT NULL, on_hand int NOT NULL, PRIMARY KEY (market, sku))",
    );
    await setup?.query(
      `INSERT INTO article_stock SELECT 'de', CONCAT('SKU-', LPAD(n, 5, '0')), 1000000 FROM ${numbersTo(400)}`,
    );
    await setup?.query(
      "CREATE TABLE order_lines (order_uuid binary(16) NOT NULL, line_no tinyint NOT NULL, sku varchar(24) NOT NULL, PRIMARY KEY (order_uuid, line_no))",
    );
    await ordinaryWork(stage, 4);
    const orders = stage.number(1, 1_000_000_000);
    await keepRunning(stage, buyers, 600, async (buyer, turn) => {
      const sku = `SKU-${String(1 + ((turn * 7919) % 40)).padStart(5, "0")}`;
      await buyer.query("START TRANSACTION");
      await buyer.query("SELECT on_hand FROM article_stock WHERE market = 'de' AND sku = ? FOR UPDATE", [
        sku,
      ]);
      await buyer.query("UPDATE article_stock SET on_hand = on_hand - 1 WHERE market = 'de' AND sku = ?", [
        sku,
      ]);
      await buyer.query("INSERT INTO order_lines VALUES (UNHEX(LEFT(SHA2(?, 256), 32)), 1, ?)", [
        `${orders}-${turn}`,
        sku,
      ]);
      await buyer.query("COMMIT");
      await pause(35 + (turn % 9) * 5);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(66)],
});
