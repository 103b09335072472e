import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A long report harms nobody",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 1, killCandidateSeconds: 1.5 },
  make: async (stage) => {
    const table = stage.table();
    const report = await onePg(stage, "reports");
    const writers = await stage.pgSessions(stage.number(4, 8), stage.application());
    await makeTable(report, table);
    stage.leave(report.query(`SELECT count(*), pg_sleep(30) FROM ${table}`));
    for (const writer of writers) await writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = 3`);
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
