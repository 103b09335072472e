import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A release went out before its migration: each of its page loads asks for a column that is not there yet",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE basket_lines (id int PRIMARY KEY, article int NOT NULL, quantity int NOT NULL)",
    );
    await setup.query(`INSERT INTO basket_lines SELECT n, n % 70, 1 + n % 3 FROM ${numbersTo(2000)}`);
    await ordinaryWork(stage);
    const pages = await stage.mySessions(stage.number(4, 6), stage.application());
    await keepRunning(stage, pages, 400, async (page, turn) => {
      const id = 1 + (turn % 2000);
      await page.query(`SELECT article, quantity FROM basket_lines WHERE id = ${id}`);
      await page
        .query(`SELECT article, quantity, discount_code FROM basket_lines WHERE id = ${id}`)
        .catch(() => undefined);
      await pause(40);
    });
    return { culprits: [] };
  },
});
