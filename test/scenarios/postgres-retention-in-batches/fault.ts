import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A retention job deletes what is old a thousand rows at a time, and commits after each",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [job] = await stage.pgSessions(1, "retention");
    const clients = await stage.pgSessions(2, stage.application());
    const rows = stage.number(110_000, 150_000);
    await job?.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, at timestamptz NOT NULL, body text)`);
    await job?.query(
      `INSERT INTO ${table} SELECT n, now() - (${rows} - n) * interval '1 minute', repeat('x', 70)
         FROM generate_series(1, ${rows}) AS n`,
    );
    await job?.query(`CREATE INDEX ON ${table} (at)`);
    // What a session has changed is counted a second later, and would count as changed since the ANALYZE.
    await job?.query("SELECT pg_sleep(1.2)");
    await job?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 10, async (client, turn) => {
      await client.query(`INSERT INTO ${table} VALUES (${rows + 1 + turn}, now(), 'new')`);
      await client.query(`SELECT body FROM ${table} WHERE id = ${rows - (turn % 900)}`);
      await client.query("SELECT pg_sleep(0.04)");
    });
    if (job === undefined) throw new Error("no session");
    await keepRunning(stage, [job], 8, async (session) => {
      await session.query(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE at < now() - interval '40 days' ORDER BY at LIMIT 1000)`,
      );
      await session.query("SELECT pg_sleep(0.4)");
    });
    return { culprits: [] };
  },
});
