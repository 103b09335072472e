import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A DROP INDEX waits behind a long report; everybody queues behind it, and the report is not to blame",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const report = await onePg(stage, "reports");
    const ddl = await onePg(stage, "migrations");
    const others = await stage.pgSessions(stage.number(5, 20), stage.application());
    await makeTable(ddl, table);
    await ddl.query(`CREATE INDEX ${table}_by_state ON ${table} (state)`);
    stage.leave(report.query(`SELECT pg_sleep(60) FROM ${table} WHERE id <= 2`));
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2.2)");
    const culprit = await pidOf(ddl);
    stage.leave(ddl.query(`DROP INDEX ${table}_by_state`));
    await pgWaiting(stage, 1, 0);
    for (const other of others) stage.leave(other.query(`SELECT n FROM ${table} WHERE id = 5`));
    await pgWaiting(stage, others.length + 1, 1);
    return { culprits: [culprit] };
  },
});
