import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Harmless: the nightly logical dump reads a large table in one snapshot while the application goes on writing to it",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE documents (id int PRIMARY KEY, body varchar(500) NOT NULL, reads_ int NOT NULL)",
    );
    await setup.query(
      `INSERT INTO documents SELECT n, REPEAT(CONCAT('text ', n, ' '), 30), 0 FROM ${numbersTo(60_000)}`,
    );
    await ordinaryWork(stage);
    const dump = await slowClient(stage, "mysqldump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    dump.readSlowly("SELECT /*!40001 SQL_NO_CACHE */ `id`, `body`, `reads_` FROM `documents`", 3);
    const writers = await stage.mySessions(3, stage.application());
    await keepRunning(stage, writers, 400, async (writer, turn) => {
      await writer.query(
        `UPDATE documents SET reads_ = reads_ + 1 WHERE id = ${1 + ((turn * 7919) % 60_000)}`,
      );
      await pause(30);
    });
    await setup.query("SELECT SLEEP(6)");
    return { culprits: [] };
  },
});
