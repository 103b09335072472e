import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Harmless: workers take jobs with FOR UPDATE SKIP LOCKED and hold them while they work; many locks and open transactions, nobody waits",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "migrate");
    const jobs = stage.table();
    await setup.query(
      `CREATE TABLE ${jobs} (id int AUTO_INCREMENT PRIMARY KEY, state varchar(10) NOT NULL, payload varchar(200) NOT NULL, KEY by_state (state, id))`,
    );
    await setup.query(
      `INSERT INTO ${jobs} (state, payload) SELECT 'new', REPEAT(MD5(n), 4) FROM ${numbersTo(3000)}`,
    );
    await setup.end();
    await ordinaryWork(stage);
    const producers = await stage.mySessions(1, stage.application());
    await keepRunning(stage, producers, 10, async (session) => {
      await session.query(`INSERT INTO ${jobs} (state, payload) VALUES ('new', 'more')`);
      await pause(150);
    });
    const workers = await stage.mySessions(8, stage.application());
    for (const worker of workers)
      await worker.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await keepRunning(stage, workers, 24, async (session, turn) => {
      await session.query("START TRANSACTION");
      const [rows] = await session.query(
        `SELECT id FROM ${jobs} WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      const [job] = rows as { id: number }[];
      await pause(1500 + (turn % 5) * 300);
      if (job !== undefined) await session.query(`UPDATE ${jobs} SET state = 'done' WHERE id = ${job.id}`);
      await session.query("COMMIT");
    });
    return { culprits: [] };
  },
});
