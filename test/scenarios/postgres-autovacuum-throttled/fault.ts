import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Autovacuum is at work and throttled to nothing: rows die faster than it removes them",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  server: {
    settings: {
      autovacuum: "on",
      autovacuum_naptime: "1s",
      autovacuum_vacuum_cost_delay: "100ms",
      autovacuum_vacuum_cost_limit: "2",
      autovacuum_max_workers: "1",
    },
  },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const watcher = await openSession(stage.postgres());
    stage.cleanUp(() => watcher.end());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int, body text)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 0, repeat('b', 200) FROM generate_series(1, 200000) n`,
    );
    await setup?.query(`UPDATE ${table} SET n = n + 1`);
    await setup?.query(`UPDATE ${table} SET n = n + 1`);
    await waitUntil(
      async () => (await watcher.query("SELECT 1 FROM pg_stat_progress_vacuum")).rowCount === 1,
      { what: "autovacuum to begin", timeoutMs: 30_000 },
    );
    await keepRunning(stage, clients, 5_000, (client, turn) =>
      client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 7919) % 200_000)}`),
    );
    // A dashboard that reads it all, as it did when two thirds of the pages were not there.
    const [dashboard] = await stage.pgSessions(1, "dashboard");
    await keepRunning(stage, dashboard ? [dashboard] : [], 6, (reader) =>
      reader.query(`SELECT sum(n) FROM ${table}`),
    );
    return { culprits: [] };
  },
});
