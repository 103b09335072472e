import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A REFRESH waits for a reader that left its transaction open; all other readers queue behind the REFRESH",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, "nightly");
    const reader = await onePg(stage, stage.application());
    const others = await stage.pgSessions(stage.number(4, 15), stage.application());
    await makeTable(owner, table);
    await owner.query(
      `CREATE MATERIALIZED VIEW ${table}_totals AS SELECT state, sum(n) AS total FROM ${table} GROUP BY state`,
    );
    await reader.query("BEGIN");
    await reader.query(`SELECT * FROM ${table}_totals`);
    const culprit = await pidOf(owner);
    stage.leave(owner.query(`REFRESH MATERIALIZED VIEW ${table}_totals`));
    await pgWaiting(stage, 1, 0);
    for (const other of others) stage.leave(other.query(`SELECT * FROM ${table}_totals`));
    await pgWaiting(stage, others.length + 1, 1);
    return { culprits: [culprit] };
  },
});
