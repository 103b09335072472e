import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's notebook keeps a snapshot open: autovacuum cannot take the finished jobs out of the queue, and each worker reads past all of them for its next job",
  majors: [16],
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "3s" } },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE monthly_sales (id int PRIMARY KEY, amount int NOT NULL);
       INSERT INTO monthly_sales SELECT n, n % 500 FROM generate_series(1, 5000) AS n;
       CREATE TABLE job_queue (id bigserial PRIMARY KEY, kind varchar(20) NOT NULL, payload varchar(80) NOT NULL, run_at timestamptz NOT NULL DEFAULT now())`,
    );
    await settled(setup, "monthly_sales");
    const notebook = await onePg(stage, "notebook");
    const culprit = await pidOf(notebook);
    await notebook.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await notebook.query("SELECT sum(amount) FROM monthly_sales");
    const began = Date.now();
    // A day of jobs that came and went.
    for (let hour = 0; hour < 6; hour += 1) {
      await setup.query(
        "INSERT INTO job_queue (kind, payload) SELECT 'mail', 'to customer ' || n FROM generate_series(1, 40000) AS n",
      );
      await setup.query("DELETE FROM job_queue");
    }
    await setup.query(
      "INSERT INTO job_queue (kind, payload) SELECT 'mail', 'to customer ' || n FROM generate_series(1, 6000) AS n",
    );
    const monitor = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "monitor" });
    await waitUntil(
      async () => {
        const { rows } = await monitor.query(
          "SELECT autovacuum_count > 0 AND n_dead_tup > 150000 AS past FROM pg_stat_user_tables WHERE relname = 'job_queue'",
        );
        return rows[0]?.past === true;
      },
      { what: "autovacuum has been at the queue", timeoutMs: 60_000, everyMs: 500 },
    );
    await monitor.end();
    const workers = await stage.pgSessions(3, "job-worker");
    await keepRunning(stage, workers, 30, async (worker) => {
      await worker.query(
        "DELETE FROM job_queue WHERE id = (SELECT id FROM job_queue ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id, kind, payload",
      );
      await pause(30);
    });
    await keepRunning(stage, [setup], 5, async (producer) => {
      await producer.query("INSERT INTO job_queue (kind, payload) VALUES ('mail', 'to a customer')");
      await pause(40);
    });
    await pause(Math.max(0, 75_000 - (Date.now() - began)));
    return { culprits: [culprit] };
  },
});
