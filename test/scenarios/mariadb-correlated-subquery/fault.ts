import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A ranking counts the better ones anew for each row: the index is there and used, the work is quadratic",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(4, stage.application());
    const [setup] = clients;
    const rows = stage.number(1_000, 1_200);
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, score int NOT NULL, KEY by_score (score))`,
    );
    await setup?.query(`INSERT INTO ${table} SELECT n, (n * 7919) % 1000003 FROM ${numbersTo(rows)}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 5, (client, turn) =>
      client.query(
        `SELECT AVG(place) FROM (SELECT a.id,
           (SELECT COUNT(*) FROM ${table} b WHERE b.score > a.score) AS place
         FROM ${table} a WHERE a.id > ${turn % 7}) ranked`,
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
