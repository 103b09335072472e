import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.besthub.dev/articles/why-insert-select-can-lock-your-table-and-how-an-index-saves-the-day-5500ba45041a
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A roll-up, INSERT INTO ... SELECT, reads a live table without an index and locks every row that it reads: payments wait",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const live = stage.table();
    const setup = await oneMy(stage, "migrate");
    await setup.query(
      `CREATE TABLE ${live} (id int AUTO_INCREMENT PRIMARY KEY, customer int NOT NULL, amount int NOT NULL, paid tinyint NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${live} (customer, amount, paid) SELECT n % 20000, n % 900, 0 FROM ${numbersTo(60_000)}`,
    );
    await setup.query("CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL)");
    await setup.query(`INSERT INTO customers SELECT n, CONCAT('customer ', n) FROM ${numbersTo(20_000)}`);
    await setup.query("CREATE TABLE daily_totals (customer int PRIMARY KEY, total bigint)");
    await ordinaryWork(stage);
    const rollup = await oneMy(stage, "rollup");
    stage.leave(
      rollup.query(
        `INSERT INTO daily_totals
         SELECT c.id, (SELECT SUM(l.amount) FROM ${live} l WHERE l.customer = c.id) FROM customers c`,
      ),
    );
    await setup.query("SELECT SLEEP(2)");
    const payments = await stage.mySessions(8, stage.application());
    for (const [index, payment] of payments.entries()) {
      stage.leave(payment.query(`UPDATE ${live} SET paid = 1 WHERE id = ${101 + index * 331}`));
    }
    await myWaiting(stage, 8, 8);
    return { culprits: [idOf(rollup)] };
  },
});
