import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: autovacuum is at work to prevent wraparound, as it is every few months, and writers go on beside it",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  server: { settings: { autovacuum_freeze_max_age: "100000", autovacuum_naptime: "1s" } },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE archive (id int PRIMARY KEY, body text NOT NULL, seen int NOT NULL)");
    await setup.query(
      "ALTER TABLE archive SET (autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 10)",
    );
    await setup.query(
      "INSERT INTO archive SELECT n, repeat('old letter ', 40), 0 FROM generate_series(1, 120000) n",
    );
    await setup.query("ANALYZE archive");
    await ordinaryWork(stage, 2);
    await setup.query("SET synchronous_commit = off");
    await setup.query(
      "DO $$ BEGIN FOR i IN 1..130000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    );
    const writers = await stage.pgSessions(2, "letters");
    await keepRunning(stage, writers, 6, async (writer, turn) => {
      await writer.query(`UPDATE archive SET seen = seen + 1 WHERE id = ${1 + ((turn * 97) % 120_000)}`);
      await pause(80);
    });
    const watcher = await openSession(stage.postgres());
    stage.cleanUp(() => watcher.end());
    await waitUntil(
      async () => {
        const { rows } = await watcher.query(
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%public.archive (to prevent wraparound)%'",
        );
        return rows.length > 0;
      },
      { what: "autovacuum freezes the archive", timeoutMs: 90_000, everyMs: 200 },
    );
    await pause(4000);
    return { culprits: [] };
  },
});
