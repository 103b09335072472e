import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A logical dump in one snapshot reads table after table since some seconds, beside a little ordinary work",
  tiers: ["immediate", "performance"],
  // Seconds stand for the minutes of a night.
  thresholds: { longRunningSeconds: 2, idleInTransactionSeconds: 2, killCandidateSeconds: 4 },
  make: async (stage) => {
    const [big, small] = [stage.table(), stage.table()];
    const setup = await oneMy(stage, "setup");
    await makeTable(setup, small);
    await setup.query(`CREATE TABLE ${big} (id int PRIMARY KEY, filler char(200))`);
    await setup.query(`INSERT INTO ${big} SELECT n, REPEAT('x', 200) FROM ${numbersTo(40_000)}`);
    const workers = await stage.mySessions(3, stage.application());
    const dump = await oneMy(stage, "mariadb-dump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    const reading = async () => {
      for (;;) {
        await dump.query(`SELECT /*!40001 SQL_NO_CACHE */ * FROM ${big}`);
        await dump.query(`SELECT /*!40001 SQL_NO_CACHE */ * FROM ${small}`);
      }
    };
    stage.leave(reading());
    // The dump is some seconds old when the responder looks.
    await keepRunning(stage, workers, 150, async (worker, turn) => {
      await worker.query(`UPDATE ${small} SET n = n + 1 WHERE id = ${(turn % 30) + 1}`);
      await worker.query("SELECT SLEEP(0.1)");
    });
    return { culprits: [] };
  },
});
