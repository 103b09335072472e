import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A job queue in the database: every worker holds session advisory locks of the jobs it works at for minutes, tries others, and nobody waits",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleSessionSeconds: 6, leakIdleSeconds: 20 },
  make: async (stage) => {
    const [owner, listener] = await stage.pgSessions(2, "good_job notifier");
    if (owner === undefined) throw new Error("no session");
    const jobs = stage.number(5000, 7000);
    await owner.query(`CREATE TABLE good_jobs (id int PRIMARY KEY, queue varchar(20) NOT NULL, run_at timestamptz NOT NULL, done_at timestamptz);
      INSERT INTO good_jobs SELECT n, 'q' || n % 4, now() - n * interval '1 second', CASE WHEN n > 900 THEN now() END
        FROM generate_series(1, ${jobs}) n;
      CREATE INDEX good_jobs_open ON good_jobs (queue, run_at) WHERE done_at IS NULL`);
    await owner.query("VACUUM (ANALYZE) good_jobs");
    await listener?.query("LISTEN good_job");
    await ordinaryWork(stage, 3);
    const busy = await stage.pgSessions(8, "good_job worker");
    for (const [index, worker] of busy.entries())
      for (let n = 0; n < 5; n += 1)
        await worker.query("SELECT pg_try_advisory_lock(hashtext('good_jobs'), $1)", [1 + index * 5 + n]);
    const others = await stage.pgSessions(4, "good_job worker");
    await keepRunning(stage, others, 60, async (client, turn) => {
      const { rows } = await client.query(
        "SELECT id FROM good_jobs WHERE queue = $1 AND done_at IS NULL ORDER BY run_at LIMIT 3",
        [`q${turn % 4}`],
      );
      for (const { id } of rows) {
        const tried = await client.query("SELECT pg_try_advisory_lock(hashtext('good_jobs'), $1) AS got", [
          id,
        ]);
        if (!tried.rows[0].got) continue;
        await client.query("UPDATE good_jobs SET done_at = now() WHERE id = $1", [id]);
        await client.query("SELECT pg_advisory_unlock(hashtext('good_jobs'), $1)", [id]);
      }
      await pause(60);
    });
    await pause(8000);
    return { culprits: [] };
  },
});
