import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A pool ends every read with ROLLBACK, as many drivers do: all transactions roll back and nothing fails",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 5000) n`);
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 1000, async (client, turn) => {
      await client.query("BEGIN");
      await client.query(`SELECT n FROM ${table} WHERE id = ${1 + (turn % 5000)}`);
      await client.query("ROLLBACK");
    });
    return { culprits: [] };
  },
});
