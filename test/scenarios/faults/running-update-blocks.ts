import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

export const runningUpdateBlocks = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "One UPDATE runs for long and holds the rows that others want",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(3, 9), stage.application());
    await makeTable(holder, table);
    stage.leave(holder.query(`UPDATE ${table} SET n = n + 1 + SLEEP(15) WHERE id <= 3`));
    const watcher = await oneMy(stage, "watcher");
    await watcher.query("SELECT SLEEP(0.5)");
    for (const waiter of waiters) stage.leave(waiter.query(`DELETE FROM ${table} WHERE id = 1`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
