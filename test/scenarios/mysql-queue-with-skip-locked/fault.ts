import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Workers take jobs with SKIP LOCKED: each holds its row while it works, and nobody waits",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.5, idleInTransactionSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const owner = await oneMy(stage, "migration");
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state varchar(8), KEY (state, id))`);
    await owner.query(`INSERT INTO ${table} SELECT n, 'new' FROM ${numbersTo(4000)}`);
    const workers = await stage.mySessions(stage.number(5, 9), stage.application());
    for (const worker of workers) await worker.query("SET SESSION transaction_isolation = 'READ-COMMITTED'");
    await keepRunning(stage, workers, 40, async (worker) => {
      await worker.query("START TRANSACTION");
      await worker.query(
        `SELECT id INTO @job FROM ${table} WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      await worker.query("DO SLEEP(0.25)");
      await worker.query(`UPDATE ${table} SET state = 'done' WHERE id = @job`);
      await worker.query("COMMIT");
    });
    return { culprits: [] };
  },
});
