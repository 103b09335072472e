import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Autovacuum was switched off for a table that is rewritten all the time; every scan reads the dead rows",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(2, stage.application());
    const rows = stage.number(8000, 14_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, n int, note text) WITH (autovacuum_enabled = false)`,
    );
    await setup?.query(`CREATE INDEX ON ${table} (n)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, n, repeat('z', 50) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    for (let turn = 0; turn < 5; turn += 1) await setup?.query(`UPDATE ${table} SET n = n + 1`);
    await keepRunning(stage, clients, 20, (client) => client.query(`SELECT sum(length(note)) FROM ${table}`));
    const [spare] = await stage.pgSessions(1, stage.application());
    await spare?.query("SELECT pg_sleep(1.2)");
    return { culprits: [] };
  },
});
