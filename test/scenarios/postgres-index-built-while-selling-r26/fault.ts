import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title:
    "A deployment builds an index without CONCURRENTLY on a table that is written to, and every write waits",
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 5, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const deployment = await onePg(stage, "deploy");
    const writers = await stage.pgSessions(stage.number(9, 12), stage.application());
    const readers = await stage.pgSessions(2, stage.application());
    await deployment.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int, note text)`);
    await deployment.query(
      `INSERT INTO ${table} SELECT n, n % 900, md5(n::text) FROM generate_series(1, 60000) AS n`,
    );
    // What makes it long here; on a large table it is its size.
    await deployment.query(
      "CREATE FUNCTION normalized(said text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM generate_series(1, 12000); RETURN lower(said); END $$",
    );
    await ordinaryWork(stage);
    await keepRunning(stage, readers, 6, async (client, turn) => {
      await client.query(`SELECT note FROM ${table} WHERE id = $1`, [1 + (turn % 60_000)]);
      await pause(40);
    });
    const culprit = await pidOf(deployment);
    stage.leave(deployment.query(`CREATE INDEX ${table}_note_idx ON ${table} (normalized(note), customer)`));
    await pause(800);
    for (const [index, writer] of writers.entries()) {
      const id = 1 + index * 31;
      stage.leave(
        index % 3 === 0
          ? writer.query(`INSERT INTO ${table} VALUES ($1, 5, 'new')`, [100_000 + id])
          : writer.query(`UPDATE ${table} SET customer = 5 WHERE id = $1`, [id]),
      );
    }
    await pgWaiting(stage, writers.length, 6);
    return { culprits: [culprit] };
  },
});
