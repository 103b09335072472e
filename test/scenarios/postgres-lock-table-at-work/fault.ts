import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A script took LOCK TABLE and now computes for minutes with nothing of that table in its statement",
  majors: [18],
  make: async (stage) => {
    const table = stage.table();
    const script = await onePg(stage, stage.application());
    const waiters = await stage.pgSessions(stage.number(8, 14), stage.application());
    await makeTable(script, table);
    const pid = await pidOf(script);
    await script.query("BEGIN");
    await script.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    stage.leave(script.query("SELECT count(*), pg_sleep(90) FROM pg_class WHERE relname = 'pg_class'"));
    for (const waiter of waiters) stage.leave(waiter.query(`SELECT n FROM ${table} WHERE id = 3`));
    await pgWaiting(stage, waiters.length, 4);
    return { culprits: [pid] };
  },
});
