import { makeTable, onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Several idle transactions hold SHARE on one table: writers wait for all of them, and no single end frees anybody",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holders = await stage.pgSessions(stage.number(3, 4), stage.application());
    const waiters = await stage.pgSessions(stage.number(11, 16), stage.application());
    const owner = await onePg(stage, "migration");
    await makeTable(owner, table);
    for (const holder of holders) {
      await holder.query("BEGIN");
      await holder.query(`LOCK TABLE ${table} IN SHARE MODE`);
    }
    for (const waiter of waiters) stage.leave(waiter.query(`UPDATE ${table} SET n = 1 WHERE id = 9`));
    await pgWaiting(stage, waiters.length, 1.5);
    // Nobody is to be ended unasked.
    return { culprits: [] };
  },
});
