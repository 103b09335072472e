import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: autovacuum of a large table 'to prevent wraparound' has begun at autovacuum_freeze_max_age, as it always does, and goes on unhurried",
  majors: [15, 17],
  tiers: ["immediate", "performance", "health"],
  server: {
    settings: {
      autovacuum_freeze_max_age: "100000",
      autovacuum_naptime: "1s",
      autovacuum_vacuum_cost_delay: "20ms",
    },
  },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE archived_orders (id int PRIMARY KEY, buyer int NOT NULL, lines text NOT NULL);
      INSERT INTO archived_orders SELECT n, n % 5000, repeat(md5(n::text), 20) FROM generate_series(1, 200000) n`);
    await setup.query("VACUUM ANALYZE archived_orders");
    await setup.query(
      "DO $$ BEGIN FOR n IN 1..110000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    );
    await ordinaryWork(stage, 3);
    // Whom a worker of the server vacuums is not told to everybody.
    const watcher = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "watcher" });
    await waitUntil(
      async () => {
        const sql =
          "SELECT 1 FROM pg_stat_progress_vacuum p JOIN pg_class c ON c.oid = p.relid WHERE c.relname = 'archived_orders'";
        return (await watcher.query(sql)).rowCount === 1;
      },
      { what: "the table is being frozen", timeoutMs: 40_000, everyMs: 200 },
    );
    await watcher.end();
    await pause(3000);
    return { culprits: [] };
  },
});
