import type { MysqlFamily, Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { nowAndThen } from "../support/now-and-then.ts";

/** The place of each row, counted anew for each; the column that it compares is indexed. */
export const correlatedRank = (engine: MysqlFamily, title: string, size: "large" | "small"): Scenario => ({
  engine,
  title,
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(6, stage.application());
    const rows = size === "large" ? stage.number(500, 700) : stage.number(60, 90);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, score int NOT NULL, INDEX (score))`);
    await setup?.query(`INSERT INTO ${table} SELECT n, (n * 7919) % 100003 FROM ${numbersTo(rows)}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    const rank = `SELECT MAX(place) AS last FROM (SELECT (SELECT COUNT(*) FROM ${table} AS above
      WHERE above.score > mine.score) AS place FROM ${table} AS mine) AS places`;
    if (size === "large") await keepRunning(stage, clients, 7, (client) => client.query(rank));
    else if (setup !== undefined) await nowAndThen(stage, setup, (client) => client.query(rank));
    return { culprits: [] };
  },
});
