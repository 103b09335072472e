import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

export const idleTransaction = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "An application forgot to commit; others want the row that it changed",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(3, 16), stage.application());
    await makeTable(holder, table);
    await holder.query("START TRANSACTION");
    await holder.query(`UPDATE ${table} SET state = "paid" WHERE id = 7`);
    for (const waiter of waiters) {
      stage.leave(waiter.query(`UPDATE ${table} SET state = "sent" WHERE id = 7`));
    }
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
