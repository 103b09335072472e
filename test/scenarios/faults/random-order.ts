import type { MysqlFamily, Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { nowAndThen } from "../support/now-and-then.ts";

/** A few random rows, of a large table all the time or of a small one now and then. */
export const randomOrder = (engine: MysqlFamily, title: string, size: "large" | "small"): Scenario => ({
  engine,
  title,
  tiers: ["immediate", "performance"],
  server: { settings: { "tmp-table-size": "268435456", "max-heap-table-size": "268435456" } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(6, stage.application());
    const rows = size === "large" ? stage.number(60_000, 80_000) : stage.number(500, 1500);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, kind int NOT NULL, label varchar(40))`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 3, CONCAT('label ', n) FROM ${numbersTo(rows)}`);
    for (let turn = 0; size === "large" && turn < 2; turn += 1)
      await setup?.query(`INSERT INTO ${table} SELECT id + ${rows * 2 ** turn}, kind, label FROM ${table}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    const pick = `SELECT id, label FROM ${table} WHERE kind > 0 ORDER BY RAND() LIMIT 5`;
    if (size === "large") await keepRunning(stage, clients, 7, (client) => client.query(pick));
    else if (setup !== undefined) await nowAndThen(stage, setup, (client) => client.query(pick));
    return { culprits: [] };
  },
});
