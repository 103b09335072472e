import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "Healthy: autovacuum freezes a large table in time, as its name 'to prevent wraparound' says, and nobody waits for it",
  tiers: ["immediate", "health"],
  server: {
    settings: {
      autovacuum_freeze_max_age: "100000",
      autovacuum_naptime: "1s",
      autovacuum_vacuum_cost_delay: "40ms",
    },
  },
  make: async (stage) => {
    const table = stage.table();
    const setup = await onePg(stage, "psql");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state text, payload text)`);
    await setup.query(
      `INSERT INTO ${table} SELECT n, 'kept', repeat(md5(n::text), 12) FROM generate_series(1, 250000) AS n`,
    );
    await setup.query(`VACUUM ANALYZE ${table}`);
    const owner = await openSession(stage.postgres(), { user: "rdsadmin" });
    await owner.query("CHECKPOINT");
    await owner.end();
    await ordinaryWork(stage);
    const busy = await onePg(stage, "events");
    await busy.query(
      "DO $$ BEGIN FOR turn IN 1..112000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    );
    const watcher = await openSession(stage.postgres());
    stage.cleanUp(() => watcher.end());
    await waitUntil(
      async () =>
        (
          await watcher.query(
            "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND query LIKE $1",
            [`autovacuum: VACUUM public.${table} (to prevent wraparound)%`],
          )
        ).rowCount !== 0,
      { what: "autovacuum freezes the table", timeoutMs: 60_000, everyMs: 100 },
    );
    return { culprits: [] };
  },
});
