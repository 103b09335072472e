import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An analyst's client forgot a transaction with an old snapshot; purge stands still and the history list grows with every write",
  tiers: ["immediate", "performance", "health"],
  // A minute idle is told in seconds here.
  thresholds: { idleInTransactionSeconds: 10 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE positions (id int PRIMARY KEY, lat int NOT NULL, lon int NOT NULL, moved int NOT NULL)",
    );
    await setup.query(`INSERT INTO positions SELECT n, n % 90, n % 180, 0 FROM ${numbersTo(3000)}`);
    await setup.query(
      "CREATE PROCEDURE move_all(first int, last int) BEGIN DECLARE i int DEFAULT first; WHILE i < last DO UPDATE positions SET lat = lat + 1, moved = moved + 1 WHERE id = i; SET i = i + 1; END WHILE; END",
    );
    const analyst = await oneMy(stage, "sql-workbench");
    await analyst.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await analyst.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    await analyst.query("SELECT COUNT(*), SUM(moved) FROM positions");
    // Vehicles report where they are; each has rows of its own.
    const trackers = await stage.mySessions(3, "tracker");
    await keepRunning(stage, trackers, 60, async (client, turn) => {
      const first = 1 + (turn % 3) * 1000;
      await client.query(`CALL move_all(${first}, ${first + 1000})`);
    });
    await pause(32_000);
    return { culprits: [idOf(analyst)] };
  },
});
