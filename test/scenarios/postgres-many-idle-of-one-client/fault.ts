import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "One application left nine transactions open, each with a row that others want: one cause, nine sessions",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holders = await stage.pgSessions(9, stage.application());
    const waiters = await stage.pgSessions(18, stage.application());
    await makeTable(await onePg(stage, "setup"), table);
    const culprits = await Promise.all(holders.map(pidOf));
    for (const [index, holder] of holders.entries()) {
      await holder.query("BEGIN");
      await holder.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`);
    }
    for (const [index, waiter] of waiters.entries())
      stage.leave(waiter.query(`UPDATE ${table} SET n = 0 WHERE id = ${(index % holders.length) + 1}`));
    await pgWaiting(stage, waiters.length, 2);
    return { culprits };
  },
});
