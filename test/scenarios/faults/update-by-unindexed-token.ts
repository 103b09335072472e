import { onePg } from "../lock-waits.ts";
import type { Truth } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { keepRunning } from "../support/keep-running.ts";

/** Every request marks its session as seen: an UPDATE that finds one row, until the migration took the index of its column. */
export async function markByUnindexedToken(stage: Stage): Promise<Truth> {
  const [table, people] = [stage.table(), stage.table()];
  const owner = await onePg(stage, stage.application());
  const [marking, others] = [stage.application(), stage.application()];
  await owner.query(
    `CREATE TABLE ${people} (id int PRIMARY KEY, name text); INSERT INTO ${people} SELECT n, 'p' || n FROM generate_series(1, 40000) n`,
  );
  await owner.query(
    `CREATE TABLE ${table} (id bigserial PRIMARY KEY, token text NOT NULL UNIQUE, person int NOT NULL, seen timestamptz, agent text)`,
  );
  await owner.query(
    `INSERT INTO ${table} (token, person, agent) SELECT md5(n::text), n % 40000, 'Mozilla/5.0 (X11; Linux x86_64)' FROM generate_series(1, 170000) n`,
  );
  await owner.query(`CREATE INDEX ON ${table} (person)`);
  await owner.query(`ALTER TABLE ${table} ADD COLUMN token_digest text`);
  await owner.query(`UPDATE ${table} SET token_digest = 'd' || token`);
  await owner.query(`ALTER TABLE ${table} DROP COLUMN token`);
  await owner.query(`ANALYZE ${table}`);
  await owner.query(`ANALYZE ${people}`);
  const readers = await stage.pgSessions(3, others);
  await keepRunning(stage, readers, 50, async (client, turn) => {
    await client.query(`SELECT name FROM ${people} WHERE id = $1`, [(turn * 31) % 40000]);
    await client.query(`SELECT id, seen FROM ${table} WHERE person = $1`, [(turn * 17) % 40000]);
    await new Promise((resolve) => setTimeout(resolve, 15));
  });
  const clients = await stage.pgSessions(5, marking);
  await keepRunning(stage, clients, 120, (client, turn) =>
    client.query(`UPDATE ${table} SET seen = now() WHERE token_digest = 'd' || md5($1::text)`, [
      String(1 + ((turn * 7919) % 170000)),
    ]),
  );
  return { culprits: [] };
}
