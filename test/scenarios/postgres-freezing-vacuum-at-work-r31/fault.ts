import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Autovacuum freezes a big ledger in its own time and calls itself 'to prevent wraparound': frightening to read and as it should be",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "1s" } },
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 8 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE ledger_lines (id int PRIMARY KEY, account int NOT NULL, cents int NOT NULL, memo varchar(400) NOT NULL)",
    );
    // The DBA has this table frozen early and gently.
    await setup.query(
      "ALTER TABLE ledger_lines SET (autovacuum_freeze_max_age = 100000, autovacuum_freeze_min_age = 20000, autovacuum_vacuum_cost_delay = 60, autovacuum_vacuum_cost_limit = 200, autovacuum_vacuum_insert_threshold = -1)",
    );
    await setup.query(
      "INSERT INTO ledger_lines SELECT n, n % 500, n % 90000, repeat(md5(n::text), 12) FROM generate_series(1, 140000) n",
    );
    await setup.query("ANALYZE ledger_lines");
    await ordinaryWork(stage, 3);
    const admin = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "setup" });
    // Written long ago: its pages are on disk, and to freeze one makes it dirty.
    await admin.query("CHECKPOINT");
    await setup.query(
      "CREATE PROCEDURE a_busy_quarter() LANGUAGE plpgsql AS $p$ BEGIN FOR i IN 1..103000 LOOP PERFORM txid_current(); COMMIT; END LOOP; END $p$",
    );
    await setup.query("CALL a_busy_quarter()");
    await setup.query("DROP PROCEDURE a_busy_quarter()");
    await waitUntil(
      async () =>
        (
          await admin.query(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%ledger_lines%to prevent wraparound%'",
          )
        ).rowCount === 1,
      { what: "the freezing vacuum works", timeoutMs: 30_000 },
    );
    await admin.end();
    await pause(9000);
    return { culprits: [] };
  },
});
