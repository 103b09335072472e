import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A cron starts a script each minute that opens a session and never ends: one by one they take the server's slots",
  thresholds: { leakIdleSeconds: 10, idleSessionSeconds: 5 },
  make: async (stage) => {
    const web = await stage.mySessions(stage.number(7, 9), "storefront");
    const [setup] = web;
    await setup?.query(
      "CREATE TABLE baskets (shop varchar(8) NOT NULL, basket_no int unsigned NOT NULL, total decimal(10,2) NOT NULL, PRIMARY KEY (shop, basket_no))",
    );
    const rows = Array.from({ length: 500 }, (_, index) => `('eu', ${index + 1}, ${index}.5)`);
    await setup?.query(`INSERT INTO baskets VALUES ${rows.join(", ")}`);
    await keepRunning(stage, web, 40, async (client, turn) => {
      await client.query(
        `UPDATE baskets SET total = total + 1 WHERE shop = 'eu' AND basket_no = ${1 + (turn % 500)}`,
      );
      await pause(150);
    });
    await ordinaryWork(stage, 3);
    const left: number[] = [];
    for (let run = 0; run < 38; run += 1) {
      const [script] = await stage.mySessions(1, "hourly_export.py");
      if (script === undefined) continue;
      left.push(script.threadId);
      await script.query("SET NAMES utf8mb4");
      await script.query(`SELECT COUNT(*), SUM(total) FROM baskets WHERE shop = 'eu' AND basket_no > ${run}`);
      await pause(250);
    }
    await pause(stage.number(13_000, 16_000));
    return { culprits: left };
  },
});
