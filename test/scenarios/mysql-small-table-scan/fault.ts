import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Look-alike: a small table is read whole thousands of times a second, which is the quickest way",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(4, stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, code int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 100 FROM ${numbersTo(stage.number(500, 2000))}`);
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 400, (client, turn) =>
      client.query(`SELECT id FROM ${table} WHERE code = ${turn % 100}`),
    );
    return { culprits: [] };
  },
});
