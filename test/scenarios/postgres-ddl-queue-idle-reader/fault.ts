import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An ALTER TABLE waits behind a reader that left its transaction open; everybody queues behind the ALTER",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const reader = await onePg(stage, stage.application());
    const ddl = await onePg(stage, "migrations");
    const others = await stage.pgSessions(stage.number(5, 20), stage.application());
    await makeTable(ddl, table);
    await reader.query("BEGIN");
    await reader.query(`SELECT * FROM ${table} WHERE id = 1`);
    const culprit = await pidOf(ddl);
    stage.leave(ddl.query(`ALTER TABLE ${table} ADD COLUMN note text`));
    await pgWaiting(stage, 1, 0);
    for (const other of others) stage.leave(other.query(`SELECT count(*) FROM ${table}`));
    await pgWaiting(stage, others.length + 1, 1);
    return { culprits: [culprit] };
  },
});
