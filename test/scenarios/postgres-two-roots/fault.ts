import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Two incidents at once on two tables: an idle transaction, and a long UPDATE elsewhere",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const [first, second] = [stage.table(), stage.table()];
    const idle = await onePg(stage, stage.application());
    const busy = await onePg(stage, stage.application());
    const many = await stage.pgSessions(stage.number(12, 18), stage.application());
    const few = await stage.pgSessions(stage.number(2, 4), stage.application());
    await makeTable(idle, first);
    await makeTable(busy, second);
    const culprits = [await pidOf(idle), await pidOf(busy)];
    await idle.query("BEGIN");
    await idle.query(`UPDATE ${first} SET n = 1 WHERE id = 9`);
    stage.leave(busy.query(`UPDATE ${second} SET n = 1 WHERE id <= 2 RETURNING pg_sleep(60)`));
    for (const one of many) stage.leave(one.query(`UPDATE ${first} SET n = 2 WHERE id = 9`));
    await pgWaiting(stage, many.length, 0.5);
    for (const one of few) stage.leave(one.query(`UPDATE ${second} SET n = 2 WHERE id = 1`));
    await pgWaiting(stage, many.length + few.length, 1);
    return { culprits };
  },
});
