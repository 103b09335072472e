import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An ALTER waits behind autovacuum to prevent wraparound, which gives way to nobody; readers wait behind the ALTER",
  majors: [15],
  server: {
    settings: {
      autovacuum: "on",
      autovacuum_naptime: "1s",
      autovacuum_freeze_max_age: "100000",
      autovacuum_max_workers: "5",
    },
  },
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, stage.application());
    const migration = await onePg(stage, "migrations");
    const readers = await stage.pgSessions(stage.number(4, 9), stage.application());
    const watcher = await openSession(stage.postgres());
    stage.cleanUp(() => watcher.end());
    // Switched off, it comes for nothing else but the age.
    await owner.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, body text)
       WITH (autovacuum_enabled = off, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)`,
    );
    await owner.query(`INSERT INTO ${table} SELECT n, repeat('w', 400) FROM generate_series(1, 60000) n`);
    // Each turn takes a transaction number; so many are an age at which autovacuum must come.
    await owner.query(`CREATE TABLE burnt (n int)`);
    await owner.query(
      `DO $$ BEGIN FOR i IN 1..120000 LOOP
         BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN unique_violation THEN NULL; END;
       END LOOP; END $$`,
    );
    await owner.query("DROP TABLE burnt");
    const sql = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%${table} (to prevent wraparound)'`;
    await waitUntil(async () => (await watcher.query(sql)).rowCount === 1, {
      what: "autovacuum to come to the table",
      timeoutMs: 40_000,
    });
    const pid = await pidOf(migration);
    stage.leave(migration.query(`ALTER TABLE ${table} ADD COLUMN remark text`));
    await pgWaiting(stage, 1, 0);
    for (const reader of readers) stage.leave(reader.query(`SELECT body FROM ${table} WHERE id = 7`));
    await pgWaiting(stage, readers.length + 1, 3);
    return { culprits: [pid] };
  },
});
