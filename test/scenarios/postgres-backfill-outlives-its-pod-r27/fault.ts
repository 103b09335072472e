import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration's one UPDATE of a whole table goes on after its pod was killed, and the application's writes wait",
  majors: [15, 18],
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 6, manyWaitingSeconds: 2 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const migration = await onePg(stage, "migrate");
    await migration.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, title varchar(80) NOT NULL, search_key text, n int NOT NULL)`,
    );
    await migration.query(
      `INSERT INTO ${table} SELECT n, 'title of ' || n, NULL, 0 FROM generate_series(1, 4000) AS n`,
    );
    // Twelve million rows are made of four thousand slow ones.
    await migration.query(
      `CREATE FUNCTION search_key_of(title text) RETURNS text LANGUAGE plpgsql AS $$
       DECLARE key text := title;
       BEGIN
         FOR i IN 1..12000 LOOP key := md5(key); END LOOP;
         RETURN key;
       END $$`,
    );
    const culprit = await pidOf(migration);
    stage.leave(
      migration.query(`UPDATE ${table} SET search_key = search_key_of(title) WHERE search_key IS NULL`),
    );
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(3)");
    const writers = await stage.pgSessions(stage.number(6, 10), stage.application());
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`));
    }
    await pgWaiting(stage, writers.length, 4);
    return { culprits: [culprit] };
  },
});
