import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Orders lock the stock of their articles one by one in the order of the cart, and meet each other",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const setup = await oneMy(stage, "order-service");
    await setup.query(
      "CREATE TABLE stock_levels (warehouse char(4), sku varchar(24), on_hand int NOT NULL, PRIMARY KEY (warehouse, sku)) ENGINE=InnoDB",
    );
    const rows = Array.from({ length: 200 }, (_, n) => `('HAM1', 'SKU-${n}', 100000)`).join(", ");
    await setup.query(`INSERT INTO stock_levels VALUES ${rows}`);
    await ordinaryWork(stage, 3);
    const orders = await stage.mySessions(stage.number(8, 11), "order-service");
    await keepRunning(stage, orders, 150, async (client, turn) => {
      const cart = [0, 1, 2, 3].map((line) => (turn * 7 + line * ((turn % 5) + 3)) % 9);
      await client.query("BEGIN");
      try {
        for (const sku of new Set(cart)) {
          await client.query(
            "SELECT on_hand FROM stock_levels WHERE warehouse = 'HAM1' AND sku = ? FOR UPDATE",
            [`SKU-${sku}`],
          );
          await pause(4);
          await client.query(
            "UPDATE stock_levels SET on_hand = on_hand - 1 WHERE warehouse = 'HAM1' AND sku = ?",
            [`SKU-${sku}`],
          );
        }
        await client.query("COMMIT");
      } catch {
        await client.query("ROLLBACK");
      }
      await pause(5);
    });
    return { culprits: [] };
  },
});
