import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's forgotten REPEATABLE READ session keeps every dead row of the job queue; autovacuum runs in vain",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  server: { settings: { autovacuum_naptime: "1s" } },
  thresholds: { idleInTransactionSeconds: 5, longRunningSeconds: 10 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE job_queue (id int PRIMARY KEY, state text NOT NULL, run_at timestamptz NOT NULL, tries int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO job_queue SELECT n, 'ready', now() + n * interval '1 second', 0 FROM generate_series(1, 6000) n",
    );
    await setup.query("CREATE INDEX job_queue_run_at ON job_queue (state, run_at)");
    await setup.query("VACUUM ANALYZE job_queue");
    await ordinaryWork(stage, 2);
    const analyst = await onePg(stage, "DBeaver 24.1.0 - SQLEditor");
    const culprit = await pidOf(analyst);
    await analyst.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await analyst.query("SELECT state, count(*) FROM job_queue GROUP BY state");
    const workers = await stage.pgSessions(3, "job-worker");
    await keepRunning(stage, workers, 300, async (worker, turn) => {
      // Each worker has jobs of its own, so that nobody waits.
      const from = (turn % 3) * 2000 + 1;
      await worker.query("SELECT id FROM job_queue WHERE state = 'ready' ORDER BY run_at LIMIT 20");
      await worker.query(
        `UPDATE job_queue SET tries = tries + 1, run_at = run_at + interval '1 hour' WHERE id BETWEEN ${from} AND ${from + 399}`,
      );
      await pause(60);
    });
    await waitUntil(
      async () => {
        const { rows } = await setup.query(
          "SELECT n_dead_tup > 60000 AND autovacuum_count >= 3 AS behind FROM pg_stat_user_tables WHERE relname = 'job_queue'",
        );
        return rows[0]?.behind === true;
      },
      { what: "autovacuum ran in vain", timeoutMs: 90_000, everyMs: 300 },
    );
    await pause(2000);
    return { culprits: [culprit] };
  },
});
