import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Orders reserve stock under a lock of some milliseconds, seldom of the same article: a wait here and there",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const orders = await stage.mySessions(stage.number(7, 9), "order-service");
    const [report] = await stage.mySessions(1, "stock-report");
    const [setup] = orders;
    await setup?.query(
      "CREATE TABLE stock_level (warehouse char(3) NOT NULL, article_no int NOT NULL, on_hand int NOT NULL, reserved int NOT NULL, PRIMARY KEY (warehouse, article_no))",
    );
    const rows = Array.from({ length: 12 }, (_, n) => `('${["HAM", "MUC"][n % 2]}', ${n}, 100000, 0)`);
    await setup?.query(`INSERT INTO stock_level VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage, 3);
    if (report)
      await keepRunning(stage, [report], 6, async (client) => {
        await client.query("SELECT warehouse, SUM(on_hand - reserved) FROM stock_level GROUP BY warehouse");
        await pause(150);
      });
    await keepRunning(stage, orders, 600, async (client, turn) => {
      const n = (Math.imul(turn, 2654435761) >>> 9) % 12;
      await client.query("START TRANSACTION");
      await client.query(
        "SELECT on_hand, reserved FROM stock_level WHERE warehouse = ? AND article_no = ? FOR UPDATE",
        [["HAM", "MUC"][n % 2], n],
      );
      await pause(4);
      await client.query(
        "UPDATE stock_level SET reserved = reserved + 1 WHERE warehouse = ? AND article_no = ?",
        [["HAM", "MUC"][n % 2], n],
      );
      await client.query("COMMIT");
      await pause(50);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(38)],
});
