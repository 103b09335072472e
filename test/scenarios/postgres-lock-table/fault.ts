import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody took LOCK TABLE by hand and went away",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await onePg(stage, "psql");
    const waiters = await stage.pgSessions(stage.number(3, 14), stage.application());
    await makeTable(holder, table);
    const culprit = await pidOf(holder);
    await holder.query("BEGIN");
    await holder.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    for (const waiter of waiters) stage.leave(waiter.query(`SELECT * FROM ${table} WHERE id = 3`));
    await pgWaiting(stage, waiters.length, 1);
    return { culprits: [culprit] };
  },
});
