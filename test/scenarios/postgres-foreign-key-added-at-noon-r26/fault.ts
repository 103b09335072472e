import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "A migration adds a foreign key, waits behind a batch that has written to the other table, and every writer queues behind it",
  thresholds: { manyWaitingSeconds: 2 },
  make: async (stage) => {
    const parent = stage.table();
    const child = stage.table();
    const batch = await onePg(stage, "night-batch");
    const migration = await onePg(stage, "flyway");
    const writers = await stage.pgSessions(stage.number(10, 14), stage.application());
    const readers = await stage.pgSessions(3, stage.application());
    await makeTable(migration, parent);
    await migration.query(`CREATE TABLE ${child} (id int PRIMARY KEY, ${parent}_id int NOT NULL)`);
    await migration.query(`INSERT INTO ${child} SELECT id, id FROM ${parent}`);
    await ordinaryWork(stage);
    await batch.query("BEGIN");
    await batch.query(`UPDATE ${parent} SET state = 'billed' WHERE id = 50`);
    stage.leave(batch.query(`SELECT sum(n), pg_sleep(60)::text FROM ${parent}`));
    const culprit = await pidOf(migration);
    const watcher = await onePg(stage, "psql");
    await watcher.query("SELECT pg_sleep(1)");
    stage.leave(
      migration.query(
        `ALTER TABLE ${child} ADD CONSTRAINT ${child}_${parent}_fk FOREIGN KEY (${parent}_id) REFERENCES ${parent} (id)`,
      ),
    );
    await pgWaiting(stage, 1, 0.5);
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`INSERT INTO ${parent} VALUES ($1, 'new', 0)`, [1000 + index]));
    }
    // Whoever only reads is not touched by it.
    for (const reader of readers) await reader.query(`SELECT * FROM ${parent} WHERE id = 7`);
    await pgWaiting(stage, 1 + writers.length, 4);
    return { culprits: [culprit] };
  },
});
