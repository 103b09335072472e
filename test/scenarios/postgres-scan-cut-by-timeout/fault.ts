import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Lookups without an index are cut by the role's statement_timeout: all fail, and the statement statistics never see them",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.1 },
  server: { settings: { max_parallel_workers_per_gather: "0" } },
  make: async (stage) => {
    const [table, other] = [stage.table(), stage.table()];
    const application = stage.application();
    const clients = await stage.pgSessions(8, application);
    const beside = await stage.pgSessions(2, stage.application());
    const rows = stage.number(420_000, 500_000);
    const [analyst] = clients;
    const setup = await openSession(stage.postgres(), { user: "shop" });
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, parcel_code text NOT NULL, note text)`);
    await setup.query(
      `INSERT INTO ${table} SELECT n, md5(n::text), repeat('x', 90) FROM generate_series(1, ${rows}) n`,
    );
    await setup.query(`CREATE TABLE ${other} (id int PRIMARY KEY, n int)`);
    await setup.query(`INSERT INTO ${other} SELECT n, 0 FROM generate_series(1, 500) n`);
    // What it has written is counted when it leaves, and must not look like changes after the ANALYZE.
    await setup.end();
    await analyst?.query(`VACUUM ANALYZE ${table}, ${other}`);
    for (const client of clients) await client.query("SET statement_timeout = 40");
    await keepRunning(stage, beside, 10, async (client, turn) => {
      await client.query(`UPDATE ${other} SET n = n + 1 WHERE id = ${(turn % 500) + 1}`);
      await client.query("SELECT pg_sleep(0.02)");
    });
    await keepRunning(stage, clients, 160, (client, turn) =>
      client
        .query(`SELECT id, note FROM ${table} WHERE parcel_code = $1 LIMIT 20`, [`none-${turn}`])
        .catch(() => undefined),
    );
    return { culprits: [] };
  },
});
