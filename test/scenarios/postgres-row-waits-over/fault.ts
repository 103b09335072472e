import { makeTable, onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Twelve clients waited for a row for some seconds; it is over, and only the statistics remember it",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    const table = stage.table();
    const holder = await onePg(stage, stage.application());
    const waiters = await stage.pgSessions(12, stage.application());
    await makeTable(holder, table);
    await holder.query("BEGIN");
    await holder.query(`UPDATE ${table} SET n = n + 1 WHERE id = 5`);
    const work = waiters.map((waiter) => waiter.query(`UPDATE ${table} SET n = n + 1 WHERE id = 5`));
    await pgWaiting(stage, waiters.length, stage.number(3, 5));
    await holder.query("COMMIT");
    await Promise.all(work);
    return { culprits: [] };
  },
});
