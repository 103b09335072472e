import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "ADD FOREIGN KEY waits for a batch on the parent table, and all writers of both tables queue behind it",
  majors: [15],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const parent = stage.table();
    const child = stage.table();
    await ordinaryWork(stage);
    const batch = await onePg(stage, "nightly-scoring");
    const migration = await onePg(stage, "alembic");
    const writers = await stage.pgSessions(10, stage.application());
    await batch.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, score int NOT NULL, n int NOT NULL)`);
    await batch.query(`INSERT INTO ${parent} SELECT n, 0, 0 FROM generate_series(1, 20000) n`);
    await batch.query(`CREATE TABLE ${child} (id serial PRIMARY KEY, parent_id int NOT NULL)`);
    await batch.query(`INSERT INTO ${child} (parent_id) SELECT n FROM generate_series(1, 20000) n`);
    await batch.query(
      `CREATE FUNCTION new_score(given int) RETURNS int VOLATILE LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(0.01); RETURN given * 7 % 100; END $$`,
    );
    stage.leave(batch.query(`UPDATE ${parent} SET score = new_score(id) WHERE id > 5000`));
    const culprit = await pidOf(migration);
    await (await onePg(stage, "watcher")).query("SELECT pg_sleep(1)");
    stage.leave(
      migration.query(
        `ALTER TABLE ${child} ADD CONSTRAINT ${child}_parent FOREIGN KEY (parent_id) REFERENCES ${parent} (id)`,
      ),
    );
    await pgWaiting(stage, 1, 0.5);
    for (const [index, writer] of writers.entries()) {
      const insert = `INSERT INTO ${child} (parent_id) VALUES (${index + 1})`;
      const update = `UPDATE ${parent} SET n = n + 1 WHERE id = ${index + 1}`;
      stage.leave(writer.query(index % 2 === 0 ? insert : update));
    }
    await pgWaiting(stage, writers.length + 1, 4);
    return { culprits: [culprit] };
  },
});
