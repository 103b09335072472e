import { setTimeout as think } from "node:timers/promises";
import { idOf, makeTable, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";
import { inTurns } from "./lock-in-turns.ts";

const sleep = "SELECT SLEEP(4)";

/** The statement that waits and the one that holds are the same: its age says nothing of how long it has had the row. */
export const hotRowInOneStatement = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "A counter is kept by one statement that takes a moment for it, and the queue is long",
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(stage.number(24, 34), stage.application());
    const watcher = await oneMy(stage, "watcher");
    await makeTable(watcher, table);
    inTurns(stage, workers, async (worker) => {
      await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = 1 AND SLEEP(0.06) = 0`);
    });
    await watcher.query(sleep);
    return { culprits: [] };
  },
});

/** The client thinks with the row in its hands, after it has queued for it: an idle transaction, and a young one. */
export const hotRowWhileClientsThink = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "Clients write to a log, take the one row, think for a moment and commit",
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(stage.number(24, 34), stage.application());
    const watcher = await oneMy(stage, "watcher");
    await makeTable(watcher, table);
    await watcher.query("CREATE TABLE log (id int PRIMARY KEY AUTO_INCREMENT, what varchar(20))");
    inTurns(stage, workers, async (worker) => {
      await worker.query("START TRANSACTION");
      await worker.query("INSERT INTO log (what) VALUES ('counted')");
      await think(stage.number(0, 900));
      await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = 1`);
      await think(90);
      await worker.query("COMMIT");
    });
    await watcher.query(sleep);
    return { culprits: [] };
  },
});

/** The look-alike: one of them forgot to commit, and now it is to blame. */
export const idleOnHotRow = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "All orders count up one row in turns, until a shell takes it and its user goes to lunch",
  // The counter is how this shop is built: once nobody is at lunch, all take their turns again.
  beside: ["hot-row-contention"],
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(stage.number(24, 34), stage.application());
    const culprit = await oneMy(stage, "shell");
    const watcher = await oneMy(stage, "watcher");
    await makeTable(watcher, table);
    inTurns(stage, workers, async (worker) => {
      await worker.query("START TRANSACTION");
      await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = 1`);
      await think(20);
      await worker.query("COMMIT");
    });
    await watcher.query("SELECT SLEEP(1)");
    await culprit.query("START TRANSACTION");
    await culprit.query(`UPDATE ${table} SET n = 0 WHERE id = 1`);
    await watcher.query("SELECT SLEEP(5)");
    return { culprits: [idOf(culprit)] };
  },
});
