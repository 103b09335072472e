import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: very many lookups by key from a busy pool, with no list behind them",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(4, 8), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, name text)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 'name ' || n FROM generate_series(1, 20000) n`);
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 400, (client, turn) =>
      client.query(`SELECT name FROM ${table} WHERE id = $1`, [1 + ((turn * 7919) % 20_000)]),
    );
    return { culprits: [] };
  },
});
