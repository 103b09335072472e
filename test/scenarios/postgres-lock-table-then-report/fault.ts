import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A job took LOCK TABLE and then runs something else for long; its statement says nothing of the lock",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await onePg(stage, "reconcile");
    const waiters = await stage.pgSessions(stage.number(3, 14), stage.application());
    await makeTable(holder, table);
    const culprit = await pidOf(holder);
    await holder.query("BEGIN");
    await holder.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    stage.leave(holder.query("SELECT count(*), pg_sleep(60) FROM pg_class"));
    for (const waiter of waiters) stage.leave(waiter.query(`UPDATE ${table} SET n = n + 1 WHERE id = 3`));
    await pgWaiting(stage, waiters.length, 1);
    return { culprits: [culprit] };
  },
});
