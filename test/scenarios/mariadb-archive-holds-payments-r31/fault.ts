import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.besthub.dev/articles/why-did-insert-into-select-lock-my-mysql-table-lessons-fixes-414c1cd61bc3
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An archive job's INSERT ... SELECT locks the orders that it reads until it ends, and payments that update them wait",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE shop_orders (id int AUTO_INCREMENT PRIMARY KEY, paid_at datetime NULL, total int NOT NULL)",
    );
    await setup.query(
      `INSERT INTO shop_orders (paid_at, total) SELECT IF(n % 9 = 0, NULL, NOW() - INTERVAL n MINUTE), n FROM ${numbersTo(30_000)}`,
    );
    await setup.query(
      "CREATE TABLE order_items (id int AUTO_INCREMENT PRIMARY KEY, order_id int NOT NULL, sku varchar(40) NOT NULL)",
    );
    await setup.query(
      `INSERT INTO order_items (order_id, sku) SELECT 1 + n % 30000, MD5(n) FROM ${numbersTo(40_000)}`,
    );
    await setup.query(
      "CREATE TABLE orders_archive (id int PRIMARY KEY, paid_at datetime NULL, total int NOT NULL, items int NOT NULL)",
    );
    await ordinaryWork(stage);
    const archiver = await oneMy(stage, "archiver");
    stage.leave(
      archiver.query(
        `INSERT INTO orders_archive SELECT o.id, o.paid_at, o.total, (SELECT COUNT(*) FROM order_items i WHERE i.order_id = o.id)
         FROM shop_orders o WHERE o.paid_at < NOW() - INTERVAL 1 DAY OR o.id < 200`,
      ),
    );
    await setup.query("SELECT SLEEP(4)");
    const payments = await stage.mySessions(6, "payments");
    for (const [index, payment] of payments.entries()) {
      stage.leave(payment.query(`UPDATE shop_orders SET paid_at = NOW() WHERE id = ${2 + index * 3}`));
    }
    await myWaiting(stage, 6, 8);
    return { culprits: [idOf(archiver)] };
  },
});
