import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "One order in eighty is sent twice and refused by its key, as it should be",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (code int PRIMARY KEY, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n FROM ${numbersTo(2000)}`);
    await keepRunning(stage, clients, 400, async (client, turn) => {
      const code = turn % 20 === 0 ? 1 + (turn % 2000) : 1_000_000 + turn;
      await client.query(`INSERT INTO ${table} VALUES (${code}, ${turn})`).catch(() => undefined);
      for (let read = 0; read < 3; read += 1)
        await client.query(`SELECT amount FROM ${table} WHERE code = ${1 + ((turn + read) % 2000)}`);
    });
    return { culprits: [] };
  },
});
