import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A script took LOCK TABLES … WRITE and hangs",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, "import-script");
    const waiters = await stage.mySessions(stage.number(3, 14), stage.application());
    await makeTable(holder, table);
    await holder.query(`LOCK TABLES ${table} WRITE`);
    for (const waiter of waiters) stage.leave(waiter.query(`SELECT * FROM ${table} WHERE id = 3`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
