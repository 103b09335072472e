import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A materialized view is refreshed as a whole while the pages that read it wait",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, "nightly");
    const readers = await stage.pgSessions(stage.number(4, 15), stage.application());
    await makeTable(owner, table);
    await owner.query(
      `CREATE MATERIALIZED VIEW ${table}_totals AS SELECT state, sum(n) AS total, pg_sleep(40)::text AS done FROM ${table} GROUP BY state WITH NO DATA`,
    );
    const culprit = await pidOf(owner);
    stage.leave(owner.query(`REFRESH MATERIALIZED VIEW ${table}_totals`));
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(0.5)");
    for (const reader of readers) stage.leave(reader.query(`SELECT * FROM ${table}_totals`));
    await pgWaiting(stage, readers.length, 1);
    return { culprits: [culprit] };
  },
});
