import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A correction at noon recomputes all totals in one statement that runs for minutes, and those who pay wait for its row locks",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 8, killCandidateSeconds: 10, manyWaitingSeconds: 5 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const batch = await oneMy(stage, "corrections");
    await batch.query(
      "CREATE TABLE sales (id int PRIMARY KEY, state varchar(12) NOT NULL, total int NOT NULL)",
    );
    await batch.query(`INSERT INTO sales SELECT n, 'open', 0 FROM ${numbersTo(9000)}`);
    await batch.query(
      "CREATE TABLE sale_lines (id int PRIMARY KEY, sale_id int NOT NULL, price int NOT NULL, note varchar(40))",
    );
    await batch.query(
      `INSERT INTO sale_lines SELECT n, 1 + n % 9000, n % 90, 'delivered' FROM ${numbersTo(40_000)}`,
    );
    const payers = await stage.mySessions(7, "checkout");
    stage.leave(
      batch.query(`UPDATE sales SET total =
        (SELECT COALESCE(SUM(price), 0) FROM sale_lines WHERE sale_lines.sale_id = sales.id)`),
    );
    // Its first rows are locked within the second.
    await payers[0]?.query("SELECT SLEEP(3)");
    for (const [index, one] of payers.entries()) {
      stage.leave(one.query(`UPDATE sales SET state = 'paid' WHERE id = ${index + 1}`));
    }
    await myWaiting(stage, 7, 10);
    return { culprits: [idOf(batch)] };
  },
});
