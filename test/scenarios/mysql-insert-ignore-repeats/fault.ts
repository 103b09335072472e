import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A consumer that may get each message twice writes with INSERT IGNORE: repeats are warnings, as meant",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (code int PRIMARY KEY, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n FROM ${numbersTo(2000)}`);
    await keepRunning(stage, clients, 300, async (client, turn) => {
      await client.query(`INSERT IGNORE INTO ${table} VALUES (${1 + (turn % 2000)}, ${turn})`);
      await client.query(`SELECT amount FROM ${table} WHERE code = ${1 + (turn % 2000)}`);
      await client.query("SELECT SLEEP(0.01)");
    });
    return { culprits: [] };
  },
});
