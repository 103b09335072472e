import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "Healthy: pools of idle connections that are all in use, listeners that wait for days, workers that hold a job for a moment",
  thresholds: { leakIdleSeconds: 6 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await onePg(stage, "migration");
    await makeTable(setup, table);
    await setup.query(`CREATE TABLE ${table}_jobs (id int PRIMARY KEY, done int NOT NULL)`);
    await setup.query(`INSERT INTO ${table}_jobs SELECT n, 0 FROM generate_series(1, 500) AS n`);
    await setup.end();
    const listeners = await stage.pgSessions(3, "notifier");
    for (const listener of listeners) await listener.query(`LISTEN ${table}_changed`);
    const web = await stage.pgSessions(20, stage.application());
    const back = await stage.pgSessions(8, stage.application());
    const workers = await stage.pgSessions(4, "job-runner");
    // Each is used every second or two, as a pool does that hands them out in turn.
    await keepRunning(stage, [...web, ...back], 60, async (client, turn) => {
      await client.query(`SELECT state, n FROM ${table} WHERE id = $1`, [1 + (turn % 50)]);
      await pause(900 + (turn % 7) * 150);
    });
    await keepRunning(stage, workers, 12, async (client) => {
      await client.query("BEGIN");
      const taken = await client.query(
        `SELECT id FROM ${table}_jobs ORDER BY done, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      await pause(350);
      await client.query(`UPDATE ${table}_jobs SET done = done + 1 WHERE id = $1`, [taken.rows[0]?.id]);
      await client.query("COMMIT");
      await pause(60);
    });
    await pause(6000);
    return { culprits: [] };
  },
});
