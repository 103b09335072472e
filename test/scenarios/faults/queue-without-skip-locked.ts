import { onePg } from "../lock-waits.ts";
import type { Truth } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { keepRunning } from "../support/keep-running.ts";

/** Twelve workers take the oldest job FOR UPDATE and work while they hold it. */
export async function workersWantTheOldestJob(stage: Stage): Promise<Truth> {
  const [jobs, calm] = [stage.table(), stage.table()];
  const owner = await onePg(stage, stage.application());
  const [site, workers] = [stage.application(), stage.application()];
  await owner.query(
    `CREATE TABLE ${calm} (id int PRIMARY KEY, n int); INSERT INTO ${calm} SELECT n, 0 FROM generate_series(1, 3000) n`,
  );
  await owner.query(`CREATE TABLE ${jobs} (id bigserial PRIMARY KEY, state text NOT NULL, payload text)`);
  await owner.query(
    `INSERT INTO ${jobs} (state, payload) SELECT 'ready', md5(n::text) FROM generate_series(1, 900) n`,
  );
  await owner.query(`CREATE INDEX ON ${jobs} (state, id)`);
  const others = await stage.pgSessions(3, site);
  await keepRunning(stage, others, 20, async (client, turn) => {
    await client.query(`UPDATE ${calm} SET n = n + 1 WHERE id = $1`, [1 + ((turn * 37) % 3000)]);
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
  const pool = await stage.pgSessions(12, workers);
  await keepRunning(stage, pool, 25, async (client, turn) => {
    await client.query("BEGIN");
    const next = await client.query(
      `SELECT id, payload FROM ${jobs} WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE`,
    );
    // The job is done while its row is locked: a call to somebody else.
    await new Promise((resolve) => setTimeout(resolve, 120 + ((turn * 53) % 200)));
    await client.query(`UPDATE ${jobs} SET state = 'done' WHERE id = $1`, [next.rows[0]?.id]);
    await client.query("COMMIT");
  });
  return { culprits: [] };
}
