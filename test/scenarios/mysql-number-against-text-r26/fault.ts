import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The hot lookup compares a text column with a number, so that its index cannot be used and every call reads all",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      `CREATE TABLE customers (id int PRIMARY KEY, phone varchar(20) NOT NULL, name varchar(60) NOT NULL,
        city varchar(30) NOT NULL, created_at datetime NOT NULL, KEY by_phone (phone), KEY by_created (created_at))`,
    );
    await setup.query(
      `INSERT INTO customers SELECT n, CONCAT('49', 1000000000 + n * 7), CONCAT('customer ', n), CONCAT('city ', n % 90),
        NOW() - INTERVAL n MINUTE FROM ${numbersTo(90_000)}`,
    );
    await setup.query("ANALYZE TABLE customers");
    await ordinaryWork(stage);
    const callers = await stage.mySessions(stage.number(4, 5), stage.application());
    await keepRunning(stage, callers, 250, async (caller, turn) => {
      const phone = `49${1_000_000_000 + (((turn * 131) % 90_000) + 1) * 7}`;
      await caller.query(`SELECT id, name FROM customers WHERE phone = ${phone}`);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
