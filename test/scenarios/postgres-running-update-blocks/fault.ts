import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "One UPDATE runs for long and holds the rows that others want",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await onePg(stage, stage.application());
    const waiters = await stage.pgSessions(stage.number(4, 9), stage.application());
    await makeTable(holder, table);
    const culprit = await pidOf(holder);
    stage.leave(holder.query(`UPDATE ${table} SET n = n + 1 WHERE id <= 3 RETURNING pg_sleep(60)`));
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(0.5)");
    for (const waiter of waiters) stage.leave(waiter.query(`DELETE FROM ${table} WHERE id = 1`));
    await pgWaiting(stage, waiters.length, 1);
    return { culprits: [culprit] };
  },
});
