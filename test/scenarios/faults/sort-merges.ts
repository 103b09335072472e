import type { MysqlFamily, Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

/** The same sort, with memory for it or without. */
export const sortMerges = (engine: MysqlFamily, title: string, sortBufferBytes: number): Scenario => ({
  engine,
  title,
  tiers: ["immediate", "performance"],
  server: { settings: { "sort-buffer-size": String(sortBufferBytes) } },
  make: async (stage) => {
    const table = stage.table();
    const large = sortBufferBytes < 1024 * 1024;
    const clients = await stage.mySessions(large ? 3 : 1, stage.application());
    const rows = large ? stage.number(50_000, 70_000) : stage.number(4000, 6000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, tag varchar(60), amount int)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, CONCAT((n * 7919) % 100003, REPEAT('-', 40)), n FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    const half = Math.round(rows / 2);
    await keepRunning(stage, clients, 12, async (client) => {
      await client.query(
        `SELECT SUM(amount) AS total FROM (SELECT amount FROM ${table} ORDER BY tag, amount LIMIT ${half}) AS first_half`,
      );
      if (!large) await new Promise((resolve) => setTimeout(resolve, 200));
    });
    return { culprits: [] };
  },
});
