import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A supplier's price import joins two tables without an index in one UPDATE; checkouts wait for the rows it has read",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 8 },
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE products (id int AUTO_INCREMENT PRIMARY KEY, sku varchar(40) NOT NULL, price decimal(10,2) NOT NULL, stock int NOT NULL)",
    );
    await setup.query(
      `INSERT INTO products (sku, price, stock) SELECT CONCAT('sku-', LPAD(n, 12, '0')), 9.90, 50 FROM ${numbersTo(40_000)}`,
    );
    await setup.query(
      "CREATE TABLE supplier_feed (line int AUTO_INCREMENT PRIMARY KEY, sku varchar(40) NOT NULL, price decimal(10,2) NOT NULL)",
    );
    await setup.query(
      `INSERT INTO supplier_feed (sku, price) SELECT CONCAT('sku-', LPAD(n * 3, 12, '0')), 10.50 FROM ${numbersTo(30_000)}`,
    );
    await ordinaryWork(stage);
    const importer = await oneMy(stage, "price-import");
    stage.leave(
      importer.query(
        "UPDATE products p JOIN supplier_feed f ON f.sku = p.sku SET p.price = f.price WHERE f.price > 0",
      ),
    );
    await setup.query("SELECT SLEEP(3)");
    const checkouts = await stage.mySessions(6, "checkout");
    for (const [index, checkout] of checkouts.entries()) {
      stage.leave(checkout.query(`UPDATE products SET stock = stock - 1 WHERE id = ${3 + index * 3}`));
    }
    await myWaiting(stage, 6, 8);
    return { culprits: [idOf(importer)] };
  },
});
