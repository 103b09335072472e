import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A script holds LOCK TABLES and works on: its statement is not the lock, and cancelling it frees nobody",
  make: async (stage) => {
    const table = stage.table();
    const script = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(8, 14), stage.application());
    await makeTable(script, table);
    await script.query(`LOCK TABLES ${table} WRITE`);
    stage.leave(script.query(`UPDATE ${table} SET n = n + SLEEP(1)`));
    for (const [index, waiter] of waiters.entries()) {
      const sql =
        index % 2 === 0 ? `SELECT n FROM ${table} WHERE id = 3` : `DELETE FROM ${table} WHERE id = 9`;
      stage.leave(waiter.query(sql));
    }
    await myWaiting(stage, waiters.length, 4);
    return { culprits: [idOf(script)] };
  },
});
