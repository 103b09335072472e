import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "pg_dump has been reading for long, and everybody else goes on",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 1, killCandidateSeconds: 1.5 },
  make: async (stage) => {
    const table = stage.table();
    const backup = await onePg(stage, "pg_dump");
    const writers = await stage.pgSessions(stage.number(4, 8), stage.application());
    await makeTable(backup, table);
    await backup.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await backup.query(`LOCK TABLE ${table} IN ACCESS SHARE MODE`);
    stage.leave(backup.query(`SELECT *, pg_sleep(10) FROM ${table}`));
    for (const writer of writers) await writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = 3`);
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
