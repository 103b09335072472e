import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Healthy: a dozen workers each hold one job's row in an open transaction while they work on it; SKIP LOCKED, nobody waits",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE jobs (id int PRIMARY KEY, state varchar(10) NOT NULL, payload varchar(60) NOT NULL, KEY by_state (state, id))",
    );
    await setup.query(`INSERT INTO jobs SELECT n, 'ready', CONCAT('mail ', n) FROM ${numbersTo(3000)}`);
    const workers = await stage.mySessions(12, "mail-worker");
    for (const one of workers) await one.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await keepRunning(stage, workers, 24, async (client, turn) => {
      await client.query("START TRANSACTION");
      const [rows] = await client.query(
        "SELECT id, payload FROM jobs WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
      );
      const job = Array.isArray(rows) && rows[0] !== undefined && "id" in rows[0] ? Number(rows[0]["id"]) : 0;
      await pause(2500 + ((turn * 331) % 2000));
      await client.query(`UPDATE jobs SET state = 'sent' WHERE id = ${job}`);
      await client.query("COMMIT");
    });
    await pause(2000);
    return { culprits: [] };
  },
});
