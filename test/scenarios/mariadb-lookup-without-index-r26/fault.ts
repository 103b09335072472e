import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A new page asks for a customer's open invoices by a column without an index: every call reads the whole table",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      `CREATE TABLE invoice_lines (id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, amount int NOT NULL,
        paid tinyint NOT NULL, issued date NOT NULL, note varchar(80) NOT NULL, KEY by_issued (issued))`,
    );
    await setup.query(
      `INSERT INTO invoice_lines (customer_id, amount, paid, issued, note)
        SELECT n * 37 % 9000, n % 500, n % 10 > 0, DATE '2025-01-01' + INTERVAL (n % 500) DAY, CONCAT('line number ', n)
        FROM ${numbersTo(100_000)}`,
    );
    await setup.query("ANALYZE TABLE invoice_lines");
    await ordinaryWork(stage);
    const pages = await stage.mySessions(stage.number(4, 5), stage.application());
    await keepRunning(stage, pages, 250, async (page, turn) => {
      await page.query(
        `SELECT id, amount, issued FROM invoice_lines WHERE customer_id = ${(turn * 53) % 9000} AND paid = 0`,
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
