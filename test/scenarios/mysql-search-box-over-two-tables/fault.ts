import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "One search box finds an order by its reference or by the buyer's e-mail: both have their index, the OR across the join uses neither",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(40_000, 50_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE buyers (id int unsigned PRIMARY KEY, email varchar(120) NOT NULL, full_name varchar(80) NOT NULL, UNIQUE KEY by_email (email))",
    );
    await setup?.query(
      "CREATE TABLE sales_orders (id int unsigned PRIMARY KEY, buyer_id int unsigned NOT NULL, reference varchar(24) NOT NULL, total decimal(10,2) NOT NULL, UNIQUE KEY by_reference (reference), KEY of_buyer (buyer_id))",
    );
    await setup?.query(
      `INSERT INTO buyers SELECT n, CONCAT('buyer', n, '@example.com'), CONCAT('Buyer ', n) FROM ${numbersTo(15_000)}`,
    );
    await setup?.query(
      `INSERT INTO sales_orders SELECT n, 1 + n % 15000, CONCAT('SO-', n), n % 400 FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE buyers, sales_orders");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 120, (client, turn) => {
      const words =
        turn % 2 === 0 ? `SO-${1 + ((turn * 37) % rows)}` : `buyer${1 + ((turn * 41) % 15_000)}@example.com`;
      return client.query(
        "SELECT o.id, o.reference, o.total, b.full_name FROM sales_orders o JOIN buyers b ON b.id = o.buyer_id WHERE o.reference = ? OR b.email = ?",
        [words, words],
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
