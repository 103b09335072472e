import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Harmless: a dozen workers hold a job's row each while they do it, and skip what others have locked; nobody waits",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE jobs (id int AUTO_INCREMENT PRIMARY KEY, state varchar(10) NOT NULL, payload varchar(60) NOT NULL, KEY by_state (state, id))",
    );
    await setup.query(
      `INSERT INTO jobs (state, payload) SELECT 'new', CONCAT('job ', n) FROM ${numbersTo(3000)}`,
    );
    await ordinaryWork(stage);
    const workers = await stage.mySessions(stage.number(11, 13), "queue-worker");
    for (const worker of workers)
      await worker.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await keepRunning(stage, workers, 60, async (worker, turn) => {
      await worker.query("START TRANSACTION");
      const [rows] = await worker.query(
        "SELECT id, payload FROM jobs WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
      );
      await pause(900 + ((turn * 311) % 1500));
      const [job] = rows as { id: number }[];
      if (job !== undefined) await worker.query(`UPDATE jobs SET state = 'done' WHERE id = ${job.id}`);
      await worker.query("COMMIT");
    });
    return { culprits: [] };
  },
});
