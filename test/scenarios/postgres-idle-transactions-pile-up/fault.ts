import { makeTable, onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "An application begins transactions and calls something slow in between; nobody waits yet",
  thresholds: { idleInTransactionSeconds: 1, slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const sessions = await stage.pgSessions(stage.number(13, 20), stage.application());
    const watcher = await onePg(stage, "watcher");
    await makeTable(watcher, table);
    const culprits = await Promise.all(sessions.map(pidOf));
    for (const [index, session] of sessions.entries()) {
      await session.query("BEGIN");
      await session.query(`UPDATE ${table} SET n = 1 WHERE id = ${index + 1}`);
    }
    await watcher.query("SELECT pg_sleep(1.5)");
    return { culprits };
  },
});
