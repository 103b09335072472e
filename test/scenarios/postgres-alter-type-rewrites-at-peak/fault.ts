import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "text to jsonb at noon: the ALTER has its lock, rewrites the table, and everybody else waits for it",
  majors: [18],
  make: async (stage) => {
    const [table, calm] = [stage.table(), stage.table()];
    const owner = await onePg(stage, stage.application());
    const [site, others] = [stage.application(), stage.application()];
    await owner.query(
      `CREATE TABLE ${calm} (id int PRIMARY KEY, n int); INSERT INTO ${calm} SELECT n, 0 FROM generate_series(1, 2000) n`,
    );
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body text, state text)`);
    await owner.query(
      `INSERT INTO ${table} SELECT n, body, 'new' FROM generate_series(1, 2600) n,
        (SELECT json_agg(json_build_object('line', i, 'sku', 'A' || i, 'price', i * 1.5, 'tags', ARRAY['a', 'b']))::text AS body
          FROM generate_series(1, 7000) i) one`,
    );
    const lookups = await stage.pgSessions(3, others);
    await keepRunning(stage, lookups, 30, async (client, turn) => {
      await client.query(`UPDATE ${calm} SET n = n + 1 WHERE id = $1`, [1 + ((turn * 37) % 2000)]);
      await new Promise((resolve) => setTimeout(resolve, 40));
    });
    const migration = await onePg(stage, "migrate");
    const culprit = await pidOf(migration);
    stage.leave(migration.query(`ALTER TABLE ${table} ALTER COLUMN body TYPE jsonb USING body::jsonb`));
    await owner.query("SELECT pg_sleep(1)");
    const waiters = await stage.pgSessions(14, site);
    for (const [index, client] of waiters.entries()) {
      const sql =
        index % 3 === 0
          ? `UPDATE ${table} SET state = 'paid' WHERE id = ${index + 1}`
          : `SELECT state FROM ${table} WHERE id = ${index + 1}`;
      stage.leave(client.query(sql));
    }
    await pgWaiting(stage, 14, 11);
    return { culprits: [culprit] };
  },
});
