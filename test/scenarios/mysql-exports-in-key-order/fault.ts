import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An export reads a table whole in the order of its key, joined, and a job sums it up by day: as ever",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const shops = stage.table();
    const table = stage.table();
    const clients = await stage.mySessions(2, stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${shops} (id int PRIMARY KEY, name varchar(40))`);
    await setup?.query(`INSERT INTO ${shops} SELECT n, CONCAT('shop ', n) FROM ${numbersTo(200)}`);
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, shop_id int NOT NULL, day int NOT NULL, total int, KEY (shop_id))`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 1 + n % 200, n % 30, n % 700 FROM ${numbersTo(stage.number(20_000, 30_000))}`,
    );
    await setup?.query(`CREATE TABLE ${table}_daily (day int PRIMARY KEY, total bigint)`);
    await setup?.query(`ANALYZE TABLE ${table}, ${shops}`);
    await ordinaryWork(stage, 4);
    await keepRunning(stage, clients, 14, async (client, turn) => {
      if (turn % 2 === 0)
        await client.query(
          `SELECT o.id, s.name, o.total FROM ${table} o JOIN ${shops} s ON s.id = o.shop_id ORDER BY o.id`,
        );
      else
        await client.query(`REPLACE INTO ${table}_daily SELECT day, SUM(total) FROM ${table} GROUP BY day`);
      await pause(600);
    });
    return { culprits: [] };
  },
});
