import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Harmless: autovacuum freezes a big table to prevent wraparound, long before there is any danger",
  majors: [17],
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_freeze_max_age: "100000", autovacuum_naptime: "1s" } },
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage, 3);
    const [admin] = [await openSession(stage.postgres(), { user: "shop", applicationName: "setup" })];
    stage.cleanUp(() => admin.end());
    await admin.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, body text NOT NULL) 
        WITH (autovacuum_vacuum_cost_delay = 20, autovacuum_vacuum_insert_threshold = -1)`,
    );
    await admin.query(`INSERT INTO ${table} SELECT n, repeat('x', 1900) FROM generate_series(1, 100000) n`);
    await admin.query(`ANALYZE ${table}`);
    await admin.query(
      "DO $$ BEGIN FOR i IN 1..130000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    );
    const monitor = await openSession(stage.postgres());
    stage.cleanUp(() => monitor.end());
    await waitUntil(
      async () =>
        (
          await monitor.query(
            `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%public.${table} (to prevent wraparound)'
              AND now() - query_start > '3 seconds'`,
          )
        ).rowCount === 1,
      { what: "the table is being frozen", timeoutMs: 60_000, everyMs: 200 },
    );
    return { culprits: [] };
  },
});
