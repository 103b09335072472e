import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A migration dropped a column that half of the servers still ask for: their statements fail with 1054",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, amount int, coupon int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n, 0 FROM ${numbersTo(2000)}`);
    await setup?.query(`ALTER TABLE ${table} DROP COLUMN coupon`);
    await keepRunning(stage, clients, 300, async (client, turn) => {
      const column = turn % 2 === 0 ? "coupon" : "amount";
      await client
        .query(`SELECT ${column} FROM ${table} WHERE id = ${1 + (turn % 2000)}`)
        .catch(() => undefined);
      await client.query("SELECT SLEEP(0.01)");
    });
    return { culprits: [] };
  },
});
