import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nothing: workers claim jobs with SKIP LOCKED and keep each in its transaction for a second, and an idle leader holds an advisory lock that others only try",
  majors: [15, 16, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE mail_jobs (id int PRIMARY KEY, state varchar(10) NOT NULL, recipient varchar(40) NOT NULL)",
    );
    await setup.query(
      "INSERT INTO mail_jobs SELECT n, 'ready', 'reader' || n FROM generate_series(1, 2000) AS n",
    );
    await setup.query("CREATE INDEX mail_jobs_ready ON mail_jobs (id) WHERE state = 'ready'");
    await setup.query("VACUUM ANALYZE mail_jobs");
    await setup.end();
    const leader = await onePg(stage, "scheduler");
    await leader.query("SELECT pg_advisory_lock(4711)");
    await leader.query("LISTEN schedule_changed");
    const standbys = await stage.pgSessions(3, "scheduler");
    await keepRunning(stage, standbys, 3, async (standby) => {
      await standby.query("SELECT pg_try_advisory_lock(4711)");
      await pause(1000);
    });
    const workers = await stage.pgSessions(12, "mailer-worker");
    await keepRunning(stage, workers, 400, async (worker, turn) => {
      await worker.query("BEGIN");
      const { rows } = await worker.query(
        "SELECT id, recipient FROM mail_jobs WHERE state = 'ready' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1",
      );
      // The mail goes out meanwhile.
      await pause(700 + (turn % 5) * 150);
      if (rows[0]) await worker.query("UPDATE mail_jobs SET state = 'sent' WHERE id = $1", [rows[0].id]);
      await worker.query("COMMIT");
    });
    return { culprits: [] };
  },
});
