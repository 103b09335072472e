import type { RowDataPacket } from "mysql2/promise";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Twenty workers take the next job FOR UPDATE without SKIP LOCKED: each waits for whoever has it just now",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(20, stage.application());
    const [setup] = workers;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, state varchar(10) NOT NULL, KEY by_state (state))`,
    );
    await setup?.query(`INSERT INTO ${table} SELECT n, 'new' FROM ${numbersTo(20_000)}`);
    const next = `SELECT id FROM ${table} WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE`;
    await keepRunning(stage, workers, 80, async (worker) => {
      try {
        await worker.query("START TRANSACTION");
        const [rows] = await worker.query<RowDataPacket[]>(next);
        await worker.query("SELECT SLEEP(0.04)");
        await worker.query(`UPDATE ${table} SET state = 'done' WHERE id = ${Number(rows[0]?.["id"])}`);
        await worker.query("COMMIT");
      } catch {
        await worker.query("ROLLBACK");
      }
    });
    return { culprits: [] };
  },
});
