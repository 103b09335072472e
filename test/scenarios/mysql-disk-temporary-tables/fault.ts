import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A ranking groups more than its memory takes; each call writes a temporary table to disk",
  tiers: ["immediate", "performance"],
  server: {
    settings: {
      "tmp-table-size": "65536",
      "max-heap-table-size": "65536",
      "internal-tmp-mem-storage-engine": "MEMORY",
    },
  },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(3, stage.application());
    const rows = stage.number(15_000, 25_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, tag varchar(60), amount int)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, CONCAT(n % 9000, REPEAT('-', 40)), n FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 12, (client) =>
      client.query(`SELECT tag, SUM(amount) AS total FROM ${table} GROUP BY tag ORDER BY total DESC LIMIT 5`),
    );
    return { culprits: [] };
  },
});
