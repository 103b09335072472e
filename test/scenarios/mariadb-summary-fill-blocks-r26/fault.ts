import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A report fills its summary table by INSERT ... SELECT and thereby share-locks the live table that the checkout updates",
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE sales (id int PRIMARY KEY, state varchar(20) NOT NULL, customer int NOT NULL, amount int NOT NULL)",
    );
    await setup.query(`INSERT INTO sales SELECT n, 'new', n % 901, n % 333 FROM ${numbersTo(20_000)}`);
    await setup.query(
      "CREATE TABLE sales_summary (customer int NOT NULL PRIMARY KEY, pairs bigint NOT NULL)",
    );
    await ordinaryWork(stage);
    const report = await oneMy(stage, "nightly-report");
    stage.leave(
      report.query(
        `INSERT INTO sales_summary SELECT a.customer, COUNT(*) FROM sales a JOIN sales b
          ON CRC32(CONCAT(a.amount, b.amount)) % 97 = 5 AND b.customer <> a.customer GROUP BY a.customer`,
      ),
    );
    await setup.query("SELECT SLEEP(3)");
    const count = stage.number(5, 7);
    const checkout = await stage.mySessions(count, stage.application());
    checkout.forEach((worker, index) => {
      stage.leave(worker.query(`UPDATE sales SET state = 'paid' WHERE id = ${index * 17 + 3}`));
    });
    await myWaiting(stage, count, 8);
    return { culprits: [idOf(report)] };
  },
});
