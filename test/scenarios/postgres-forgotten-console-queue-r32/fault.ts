import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A console was left with a transaction open at REPEATABLE READ; vacuum may remove nothing of a busy job queue, whose dead rows grow",
  majors: [17, 15, 16],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE queued_jobs (id int PRIMARY KEY, state text NOT NULL, tries int NOT NULL DEFAULT 0, payload text NOT NULL);
       INSERT INTO queued_jobs (id, state, payload) SELECT n, 'ready', repeat('x', 80) FROM generate_series(1, 6000) AS n;
       CREATE INDEX queued_jobs_ready ON queued_jobs (id) WHERE state = 'ready';
       CREATE TABLE regions (id int PRIMARY KEY, name text NOT NULL);
       INSERT INTO regions SELECT n, 'region ' || n FROM generate_series(1, 60) AS n`,
    );
    await setup.query("VACUUM ANALYZE queued_jobs, regions");
    await ordinaryWork(stage);
    const console = await onePg(stage, "DBeaver - Main");
    const culprit = await pidOf(console);
    await console.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await console.query("SELECT count(*) FROM regions");
    const workers = await stage.pgSessions(2, "job-worker");
    await keepRunning(stage, workers, 10, async (worker) => {
      await worker.query(
        `UPDATE queued_jobs SET tries = tries + 1 WHERE id = (SELECT id FROM queued_jobs WHERE state = 'ready'
         ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED)`,
      );
      await pause(120);
    });
    // The scheduler puts everything back each second: six thousand dead rows a turn.
    const scheduler = await onePg(stage, "job-scheduler");
    await keepRunning(stage, [scheduler], 40, async (session) => {
      await session.query("UPDATE queued_jobs SET state = 'ready', tries = 0 WHERE id % 10 <> 3");
      await pause(1100);
    });
    await settled(setup, "queued_jobs");
    await pause(12_000);
    await settled(setup, "queued_jobs");
    return { culprits: [culprit] };
  },
});
