import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A chain: most wait for a session that itself waits for an idle one; the one in the middle is a victim",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const root = await onePg(stage, stage.application());
    const middle = await onePg(stage, stage.application());
    const waiters = await stage.pgSessions(stage.number(4, 12), stage.application());
    await makeTable(root, table);
    const culprit = await pidOf(root);
    await root.query("BEGIN");
    await root.query(`UPDATE ${table} SET n = 1 WHERE id = 1`);
    await middle.query("BEGIN");
    await middle.query(`UPDATE ${table} SET n = 1 WHERE id = 2`);
    stage.leave(middle.query(`UPDATE ${table} SET n = 1 WHERE id = 1`).then(() => middle.query("COMMIT")));
    await pgWaiting(stage, 1, 0);
    for (const waiter of waiters) stage.leave(waiter.query(`UPDATE ${table} SET n = 2 WHERE id = 2`));
    await pgWaiting(stage, waiters.length + 1, 1);
    return { culprits: [culprit] };
  },
});
