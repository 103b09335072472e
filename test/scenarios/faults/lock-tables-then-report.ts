import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

export const lockTablesThenReport = (engine: MysqlFamily): Scenario => ({
  engine,
  title:
    "A script took LOCK TABLES … WRITE and now computes for long; others wait for the table, and not for its rows",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, "import-script");
    const waiters = await stage.mySessions(stage.number(3, 14), stage.application());
    await makeTable(holder, table);
    await holder.query(`LOCK TABLES ${table} WRITE`);
    stage.leave(holder.query(`SELECT COUNT(*), SLEEP(60) FROM ${table}`));
    for (const waiter of waiters) stage.leave(waiter.query(`SELECT * FROM ${table} WHERE id = 3`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
