import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A driver sends keys as numeric: the index on the bigint is there and cannot be used",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const [setup] = clients;
    const rows = stage.number(300_000, 350_000);
    await setup?.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, customer bigint NOT NULL, state text)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n * 7, 'new' FROM generate_series(1, ${rows}) n`);
    await setup?.query(`CREATE INDEX ON ${table} (customer)`);
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 60, (client, turn) =>
      client.query(`SELECT id, state FROM ${table} WHERE customer = $1::numeric`, [7 * (1 + (turn % rows))]),
    );
    return { culprits: [] };
  },
});
