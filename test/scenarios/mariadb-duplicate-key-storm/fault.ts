import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "An importer sends a file for the second time and retries each row: three statements of four fail",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (code varchar(40) PRIMARY KEY, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT MD5(n), n FROM ${numbersTo(5000)}`);
    await keepRunning(stage, clients, 500, async (client, turn) => {
      const row = `(MD5(${1 + (turn % 5000)}), ${turn})`;
      for (let attempt = 0; attempt < 3; attempt += 1)
        await client.query(`INSERT INTO ${table} VALUES ${row}`).catch(() => undefined);
      await client.query(`SELECT amount FROM ${table} WHERE code = MD5(${1 + (turn % 5000)})`);
    });
    return { culprits: [] };
  },
});
