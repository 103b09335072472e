import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Autovacuum was switched off for one table by a load and never on again; each read wades through the dead",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const rows = stage.number(25_000, 40_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigint PRIMARY KEY, state text NOT NULL, n int NOT NULL, note text)
         WITH (autovacuum_enabled = false)`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 'open', 0, repeat('x', 160) FROM generate_series(1, ${rows}) AS n`,
    );
    await setup?.query(`CREATE INDEX ON ${table} (n)`);
    // What a session has changed is counted a second later, and would count as changed since the ANALYZE.
    await setup?.query("SELECT pg_sleep(1.2)");
    await setup?.query(`ANALYZE ${table}`);
    for (let round = 1; round <= 9; round += 1) await setup?.query(`UPDATE ${table} SET n = n + 1`);
    await keepRunning(stage, clients, 30, (client) =>
      client.query(`SELECT state, count(*), sum(n) FROM ${table} GROUP BY state`),
    );
    return { culprits: [] };
  },
});
