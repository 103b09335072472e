import type { MysqlFamily, Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const missingIndex = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "Busy clients look up rows by a column of a large table that has no index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(4, stage.application());
    const rows = stage.number(50_000, 80_000);
    const owners = stage.number(2000, 4000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, owner_id int NOT NULL, note varchar(80))`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, n % ${owners}, REPEAT('x', 60) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 20, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE owner_id = ${turn % owners}`),
    );
    return { culprits: [] };
  },
});
