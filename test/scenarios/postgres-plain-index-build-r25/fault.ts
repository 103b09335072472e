import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A migration builds an index without CONCURRENTLY on the table that everybody writes to",
  majors: [17],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage);
    const migration = await onePg(stage, "flyway");
    const writers = await stage.pgSessions(8, stage.application());
    await migration.query(
      `CREATE TABLE ${table} (id serial PRIMARY KEY, title text NOT NULL, n int NOT NULL DEFAULT 0)`,
    );
    await migration.query(
      `INSERT INTO ${table} (title) SELECT 'Title of ' || n FROM generate_series(1, 150000) n`,
    );
    await migration.query(
      `CREATE FUNCTION search_form(given text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
        DECLARE form text := lower(given);
        BEGIN FOR i IN 1..500 LOOP form := md5(form); END LOOP; RETURN form; END $$`,
    );
    const culprit = await pidOf(migration);
    stage.leave(migration.query(`CREATE INDEX ${table}_search ON ${table} (search_form(title))`));
    await (await onePg(stage, "watcher")).query("SELECT pg_sleep(1)");
    for (const [index, writer] of writers.entries()) {
      const insert = `INSERT INTO ${table} (title) VALUES ('new ${index}')`;
      const update = `UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`;
      stage.leave(writer.query(index % 2 === 0 ? insert : update));
    }
    await pgWaiting(stage, writers.length, 4);
    return { culprits: [culprit] };
  },
});
