import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A checkout took a stock row and calls its payment provider inside the transaction; all who buy the article wait",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const setup = await onePg(stage, "migrate");
    await setup.query("CREATE TABLE stock_levels (sku int PRIMARY KEY, left_over int NOT NULL)");
    await setup.query("INSERT INTO stock_levels SELECT n, 500 FROM generate_series(1, 3000) n");
    await setup.query("CREATE TABLE notes (id int PRIMARY KEY, body text)");
    await setup.query("INSERT INTO notes SELECT n, 'note ' || n FROM generate_series(1, 200) n");
    await setup.end();
    await ordinaryWork(stage, 3);
    // Older, open as well, and in nobody's way.
    const desk = await onePg(stage, "backoffice");
    await desk.query("BEGIN");
    await desk.query("SELECT count(*) FROM notes");
    const holder = await onePg(stage, "checkout-api");
    const culprit = await pidOf(holder);
    const sku = stage.number(1, 3000);
    await holder.query("BEGIN");
    await holder.query(`UPDATE stock_levels SET left_over = left_over - 1 WHERE sku = ${sku}`);
    const buyers = await stage.pgSessions(stage.number(8, 11), "checkout-api");
    for (const buyer of buyers) {
      await buyer.query("BEGIN");
      stage.leave(buyer.query(`UPDATE stock_levels SET left_over = left_over - 1 WHERE sku = ${sku}`));
    }
    await pgWaiting(stage, buyers.length, 6);
    return { culprits: [culprit] };
  },
});
