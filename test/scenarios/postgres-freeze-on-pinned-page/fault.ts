import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A VACUUM FREEZE waits for a page that an open cursor keeps pinned, while others take the CPU",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 1, killCandidateSeconds: 1.5 },
  server: { settings: { autovacuum: "off" } },
  make: async (stage) => {
    const table = stage.table();
    const reader = await onePg(stage, stage.application());
    const [dba, watcher] = [await onePg(stage, "psql"), await onePg(stage, "watcher")];
    await makeTable(dba, table);
    await reader.query("BEGIN");
    await reader.query(`DECLARE c CURSOR FOR SELECT * FROM ${table}`);
    await reader.query("FETCH 1 FROM c");
    stage.leave(dba.query(`VACUUM (FREEZE) ${table}`));
    await waitUntil(
      async () =>
        (
          await watcher.query(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'VACUUM%' AND wait_event ~ 'BufferPin|BufferCleanup'",
          )
        ).rowCount === 1,
      { what: "the vacuum to wait for the page" },
    );
    await watcher.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
  metrics: () => [steady("CPUUtilization", 92)],
  context: () =>
    context({ readings: [reading(steady("CPUUtilization", 92), "percent", { day: 31, week: 30 })] }),
});
