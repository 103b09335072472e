import type { MysqlFamily, Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

/** A search for a part of a word: no B-tree helps. */
export const leadingWildcard = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "A search box looks for a part of a word in a large table",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(6, stage.application());
    // MySQL's collation compares letter by letter, far slower.
    const rows = engine === "mysql" ? stage.number(12_000, 16_000) : stage.number(60_000, 80_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note varchar(200) NOT NULL)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, CONCAT(REPEAT('lorem ipsum ', 12), n * 7919) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`INSERT INTO ${table} SELECT id + ${rows}, note FROM ${table}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 7, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE note LIKE '%${7919 * (turn + 1)}' LIMIT 20`),
    );
    return { culprits: [] };
  },
});
