import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "One application runs the same report twenty times at once: one thing to know, with a count",
  thresholds: { longRunningSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(20, stage.application());
    const watcher = await onePg(stage, "watcher");
    await makeTable(watcher, table);
    for (const client of clients)
      stage.leave(client.query("SELECT count(*) FROM generate_series(1, 2000000000) AS n"));
    await watcher.query("SELECT pg_sleep(3)");
    return { culprits: [] };
  },
});
