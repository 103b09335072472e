import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Healthy: a job raises all prices by key in small chunks, commits each and rests; the shop goes on beside it",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const job = await stage.mySessions(1, "raise-prices");
    const shop = await stage.mySessions(stage.number(5, 7), stage.application());
    const [setup] = job;
    await setup?.query(
      "CREATE TABLE offers (merchant_id int unsigned NOT NULL, sku varchar(24) NOT NULL, price decimal(10,2) NOT NULL, raised_at datetime NULL, PRIMARY KEY (merchant_id, sku))",
    );
    await setup?.query(
      `INSERT INTO offers SELECT 1 + n % 400, CONCAT('S', LPAD(n, 8, '0')), 5 + n % 90, NULL FROM ${numbersTo(40_000)}`,
    );
    await setup?.query("ANALYZE TABLE offers");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, shop, 400, async (client, turn) => {
      const sku = `S${String(1 + ((turn * 37) % 40_000)).padStart(8, "0")}`;
      await client.query("SELECT price FROM offers WHERE merchant_id = ? AND sku = ?", [
        1 + ((1 + ((turn * 37) % 40_000)) % 400),
        sku,
      ]);
      await pause(10);
    });
    await keepRunning(stage, job, 40, async (client, turn) => {
      await client.query("UPDATE offers SET price = price * 1.02, raised_at = NOW() WHERE merchant_id = ?", [
        1 + (turn % 400),
      ]);
      await pause(100);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(36)],
});
