import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A ranking sorts more than its memory takes and spills to disk at every call",
  tiers: ["immediate", "performance"],
  // PostgreSQL 17 counts only the sort keys: with the default of 4 MB it would hold these rows in memory.
  server: { settings: { work_mem: "1MB" } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const rows = stage.number(90_000, 130_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, md5(n::text) || md5((n + 1)::text) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 6, (client) =>
      client.query(
        `SELECT max(place) FROM (SELECT row_number() OVER (ORDER BY note) AS place FROM ${table}) ranked`,
      ),
    );
    return { culprits: [] };
  },
});
