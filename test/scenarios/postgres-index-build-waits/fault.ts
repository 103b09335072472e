import { makeTable, onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "CREATE INDEX CONCURRENTLY waits for an old snapshot, as it may for hours, and blocks nobody",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const old = await onePg(stage, "analytics");
    const builder = await onePg(stage, "migrations");
    const readers = await stage.pgSessions(stage.number(3, 8), stage.application());
    await makeTable(builder, table);
    await old.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await old.query("SELECT count(*) FROM pg_class");
    stage.leave(builder.query(`CREATE INDEX CONCURRENTLY ON ${table} (state)`));
    await pgWaiting(stage, 1, 1);
    for (const reader of readers) await reader.query(`UPDATE ${table} SET n = n + 1 WHERE id = 9`);
    return { culprits: [] };
  },
});
