import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

/** https://querytuning.org/posts/mysql-max-connections-flood.html */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A script's bulk update was never committed; its waiters fill the pools whose rest sleeps up to the limit",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const script = await oneMy(stage, "fix-prices.py");
    const sleepers = await stage.mySessions(stage.number(36, 38), "shop-web");
    const waiters = await stage.mySessions(stage.number(9, 11), "shop-web");
    const editor = await oneMy(stage, "backoffice");
    await script.query(
      "CREATE TABLE product (tenant varchar(12) NOT NULL, ean char(13) NOT NULL, price_cents int NOT NULL, stock int NOT NULL, PRIMARY KEY (tenant, ean))",
    );
    await script.query(
      `INSERT INTO product SELECT CONCAT('t', n % 6), LPAD(n, 13, '0'), 100 + n % 900, 10 FROM ${numbersTo(9000)}`,
    );
    await script.query("CREATE TABLE opening_hours (day tinyint PRIMARY KEY, opens time NOT NULL)");
    await script.query("INSERT INTO opening_hours VALUES (1, '08:00'), (2, '08:00'), (3, '09:00')");
    await ordinaryWork(stage, 3);
    for (const sleeper of sleepers) await sleeper.query("SELECT 1");
    // Harmless: it is open as well, and in nobody's way.
    await editor.query("START TRANSACTION");
    await editor.query("UPDATE opening_hours SET opens = '10:00' WHERE day = 3");
    await script.query("SET autocommit = 0");
    await script.query("UPDATE product SET price_cents = ROUND(price_cents * 1.07) WHERE tenant = 't4'");
    for (const [index, waiter] of waiters.entries())
      stage.leave(
        waiter.query("UPDATE product SET stock = stock - 1 WHERE tenant = 't4' AND ean = ?", [
          String(4 + index * 6).padStart(13, "0"),
        ]),
      );
    await myWaiting(stage, waiters.length, 14);
    return { culprits: [idOf(script)] };
  },
});
