import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After http://www.elevatedcode.com/2009/11/04/speeding-up-delayed-job.html
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Workers poll a queue table that keeps its done jobs and has no index for their question: each poll reads all of it",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(`CREATE TABLE delayed_jobs (
      id int AUTO_INCREMENT PRIMARY KEY, queue varchar(20) NOT NULL, state varchar(12) NOT NULL,
      run_at datetime NOT NULL, payload varchar(300) NOT NULL)`);
    await setup.query(
      `INSERT INTO delayed_jobs (queue, state, run_at, payload)
       SELECT ELT(1 + n % 3, 'mailers', 'exports', 'webhooks'), IF(n % 5000 = 0, 'ready', 'done'),
         NOW() - INTERVAL n SECOND, REPEAT(SHA2(n, 256), 3) FROM ${numbersTo(100_000)}`,
    );
    await setup.query("ANALYZE TABLE delayed_jobs");
    // Read in full as well, which costs nothing: it has thirty rows.
    await setup.query("CREATE TABLE queue_settings (id int PRIMARY KEY, queue varchar(20), workers int)");
    const settings = Array.from({ length: 30 }, (_, index) => `(${index}, 'queue-${index}', ${index % 4})`);
    await setup.query(`INSERT INTO queue_settings VALUES ${settings.join(", ")}`);
    await ordinaryWork(stage, 3);
    const workers = await stage.mySessions(5, "job-worker");
    await keepRunning(stage, workers, 90, async (worker, turn) => {
      const queue = ["mailers", "exports", "webhooks"][turn % 3];
      if (turn % 10 === 0) await worker.query("SELECT workers FROM queue_settings WHERE queue = 'queue-7'");
      await worker.query(
        `SELECT id, payload FROM delayed_jobs WHERE queue = '${queue}' AND state = 'ready' AND run_at <= NOW() ORDER BY run_at LIMIT 5`,
      );
      await pause(15);
    });
    return { culprits: [] };
  },
});
