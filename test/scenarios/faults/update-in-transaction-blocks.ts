import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

/** KILL QUERY would end the statement and free none of them: the rows were locked by the statement before it. */
export const updateInTransactionBlocks = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "A long statement runs in a transaction that has locked the rows that others want before",
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(12, 16), stage.application());
    await makeTable(holder, table);
    await holder.query("START TRANSACTION");
    await holder.query(`UPDATE ${table} SET n = n + 1 WHERE id <= 22`);
    stage.leave(holder.query(`SELECT COUNT(*), SLEEP(30) FROM ${table}`));
    for (const waiter of waiters) stage.leave(waiter.query(`UPDATE ${table} SET n = 0 WHERE id = 5`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
