import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release adds a foreign key to a table into which a batch writes: all other writers queue, readers do not",
  make: async (stage) => {
    const parent = stage.table();
    const child = stage.table();
    const batch = await onePg(stage, stage.application());
    const migration = await onePg(stage, "flyway");
    await batch.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, balance int NOT NULL)`);
    await batch.query(`INSERT INTO ${parent} SELECT n, 0 FROM generate_series(1, 3000) n`);
    await batch.query(`CREATE TABLE ${child} (id int PRIMARY KEY, account_id int NOT NULL)`);
    await batch.query(`INSERT INTO ${child} SELECT n, 1 + n % 3000 FROM generate_series(1, 5000) n`);
    await ordinaryWork(stage);
    const readers = await stage.pgSessions(2, stage.application());
    await keepRunning(stage, readers, 10, async (client, turn) => {
      await client.query(`SELECT balance FROM ${parent} WHERE id = $1`, [1 + (turn % 3000)]);
      await pause(30);
    });
    await batch.query("BEGIN");
    await batch.query(`UPDATE ${parent} SET balance = 1 WHERE id BETWEEN 2000 AND 2400`);
    stage.leave(
      batch.query(
        `SELECT count(*) FROM ${parent} a, ${parent} b, ${parent} c WHERE a.balance + b.balance + c.id < 0`,
      ),
    );
    const culprit = await pidOf(migration);
    stage.leave(
      migration.query(
        `ALTER TABLE ${child} ADD CONSTRAINT ${child}_account FOREIGN KEY (account_id) REFERENCES ${parent} (id)`,
      ),
    );
    await pgWaiting(stage, 1, 1);
    const writers = await stage.pgSessions(stage.number(7, 11), stage.application());
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`UPDATE ${parent} SET balance = balance + 1 WHERE id = ${index + 1}`));
    }
    await pgWaiting(stage, writers.length + 1, 5);
    return { culprits: [culprit] };
  },
});
