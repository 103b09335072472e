import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: dead rows just below the number that brings autovacuum, in a table that is scanned",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(2, stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int, note text)`);
    await setup?.query(`CREATE INDEX ON ${table} (n)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n, repeat('z', 50) FROM generate_series(1, 10000) n`);
    await setup?.query(`ANALYZE ${table}`);
    await setup?.query(`UPDATE ${table} SET n = n + 1 WHERE id <= ${stage.number(1900, 2040)}`);
    await keepRunning(stage, clients, 20, (client) => client.query(`SELECT sum(length(note)) FROM ${table}`));
    const [spare] = await stage.pgSessions(1, stage.application());
    await spare?.query("SELECT pg_sleep(1.2)");
    return { culprits: [] };
  },
});
