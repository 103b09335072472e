import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "A dashboard left its snapshot open: nothing dead can be vacuumed away, and the job queue reads through all of it",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "2s" } },
  thresholds: { idleInTransactionSeconds: 3, longRunningSeconds: 8, killCandidateSeconds: 8 },
  make: async (stage) => {
    const dashboard = await onePg(stage, "metabase");
    const setup = await onePg(stage, "psql");
    await setup.query(
      "CREATE TABLE job_queue (id bigint PRIMARY KEY, state text NOT NULL, attempts int NOT NULL, payload text)",
    );
    await setup.query("CREATE INDEX job_queue_state_idx ON job_queue (state, id)");
    await setup.query(
      "INSERT INTO job_queue SELECT n, 'pending', 0, md5(n::text) FROM generate_series(1, 4000) AS n",
    );
    await setup.query("VACUUM ANALYZE job_queue");
    await ordinaryWork(stage);
    const culprit = await pidOf(dashboard);
    await dashboard.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await dashboard.query("SELECT state, count(*) FROM job_queue GROUP BY state");
    for (let round = 0; round < 60; round += 1) {
      await setup.query("UPDATE job_queue SET attempts = attempts + 1");
    }
    await setup.query("VACUUM job_queue");
    const workers = await stage.pgSessions(4, "job-runner");
    await keepRunning(stage, workers, 40, async (client) => {
      await client.query(
        "UPDATE job_queue SET state = 'done' WHERE id = (SELECT id FROM job_queue WHERE state = 'pending' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)",
      );
      await client.query(
        "INSERT INTO job_queue SELECT max(id) + (random() * 1000000000)::bigint, 'pending', 0, 'again' FROM job_queue ON CONFLICT DO NOTHING",
      );
      await pause(10);
    });
    await pause(4000);
    return { culprits: [culprit] };
  },
});
