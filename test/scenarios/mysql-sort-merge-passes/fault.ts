import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A sort by an expression has 32 KB to sort in and merges hundreds of runs on disk",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { "sort-buffer-size": "32768" } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(3, stage.application());
    const [setup] = clients;
    const rows = stage.number(50_000, 70_000);
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, tag varchar(60), amount int)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, CONCAT(n % 9000, REPEAT('-', 40)), n FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 14, (client, turn) =>
      client.query(
        `SELECT id, tag, amount FROM ${table} ORDER BY (amount * 7919) % 1000003 LIMIT ${(turn % 5) + 40000}, 10`,
      ),
    );
    return { culprits: [] };
  },
});
