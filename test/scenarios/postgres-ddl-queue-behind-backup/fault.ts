import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A TRUNCATE waits behind a running pg_dump; the backup must never be touched",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const backup = await onePg(stage, "pg_dump");
    const ddl = await onePg(stage, stage.application());
    const others = await stage.pgSessions(stage.number(4, 12), stage.application());
    await makeTable(ddl, table);
    await backup.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await backup.query(`LOCK TABLE ${table} IN ACCESS SHARE MODE`);
    stage.leave(backup.query(`SELECT *, pg_sleep(20) FROM ${table}`));
    const culprit = await pidOf(ddl);
    stage.leave(ddl.query(`TRUNCATE ${table}`));
    await pgWaiting(stage, 1, 0);
    for (const other of others) stage.leave(other.query(`SELECT n FROM ${table} WHERE id = 5`));
    await pgWaiting(stage, others.length + 1, 1);
    return { culprits: [culprit] };
  },
});
