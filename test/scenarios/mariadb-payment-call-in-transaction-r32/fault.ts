import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://repost.aws/knowledge-center/blocked-mysql-query and every shop that pays inside its transaction.
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A checkout has changed the stock and asks the payment provider, who does not answer: its transaction stays open, and all who buy the same article wait",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const stock = stage.table();
    const setup = await oneMy(stage, "migrate");
    await makeTable(setup, stock);
    await ordinaryWork(stage);
    // An older open transaction that only reads: nobody waits for it.
    const report = await oneMy(stage, "report");
    await report.query("START TRANSACTION");
    await report.query(`SELECT SUM(n) FROM ${stock}`);
    await setup.query("SELECT SLEEP(3)");
    const program = stage.application();
    const checkout = await oneMy(stage, program);
    await checkout.query("START TRANSACTION");
    await checkout.query(`SELECT n FROM ${stock} WHERE id = 7`);
    await checkout.query(`UPDATE ${stock} SET n = n - 1 WHERE id = 7`);
    const buyers = await stage.mySessions(7, program);
    for (const buyer of buyers) stage.leave(buyer.query(`UPDATE ${stock} SET n = n - 1 WHERE id = 7`));
    await myWaiting(stage, 7, 9);
    return { culprits: [idOf(checkout)] };
  },
});
