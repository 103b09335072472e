import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A crawler turns the pages of a long list by OFFSET: each page reads all that came before it",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const rows = stage.number(60_000, 80_000);
    const owner = await oneMy(stage, "migration");
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, title varchar(60), price int)`);
    await owner.query(`INSERT INTO ${table} SELECT n, CONCAT('title ', n), n % 97 FROM ${numbersTo(rows)}`);
    await owner.query(`ANALYZE TABLE ${table}`);
    const crawlers = await stage.mySessions(3, stage.application());
    await keepRunning(stage, crawlers, 60, (crawler, turn) => {
      const offset = rows - 20 * (1 + (turn % 400));
      return crawler.query(`SELECT id, title, price FROM ${table} ORDER BY id LIMIT 20 OFFSET ${offset}`);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
