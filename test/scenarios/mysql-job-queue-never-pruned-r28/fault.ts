import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The job table was never pruned and has no index by state: each worker reads all of it to find the next job",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "migration");
    await setup.query(`CREATE TABLE background_jobs (id int AUTO_INCREMENT PRIMARY KEY, kind varchar(20) NOT NULL,
      run_state varchar(12) NOT NULL, payload varchar(200) NOT NULL, created int NOT NULL)`);
    await setup.query(`INSERT INTO background_jobs (kind, run_state, payload, created)
      SELECT 'mail', 'done', REPEAT('x', 60 + n % 90), n FROM ${numbersTo(90_000)}`);
    await setup.query(
      "INSERT INTO background_jobs (kind, run_state, payload, created) VALUES ('mail', 'failed', 'x', 1)",
    );
    await setup.query("ANALYZE TABLE background_jobs");
    // A small list read whole, as it should be.
    await setup.query("CREATE TABLE job_kinds (id int PRIMARY KEY, kind varchar(20) NOT NULL)");
    await setup.query("INSERT INTO job_kinds VALUES (1, 'mail'), (2, 'invoice'), (3, 'export')");
    const [lister] = await stage.mySessions(1, "admin-pages");
    if (lister === undefined) throw new Error("no session");
    await keepRunning(stage, [lister], 5, async (one) => {
      await one.query("SELECT id, kind FROM job_kinds");
      await pause(100);
    });
    const workers = await stage.mySessions(5, "job-worker");
    await keepRunning(stage, workers, 120, async (one) => {
      await one.query(
        "SELECT id, kind, payload FROM background_jobs WHERE run_state = 'queued' ORDER BY id LIMIT 5",
      );
      await pause(20);
    });
    return { culprits: [] };
  },
});
