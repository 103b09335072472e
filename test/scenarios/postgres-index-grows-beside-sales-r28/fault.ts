import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: CREATE INDEX CONCURRENTLY runs for a while, its index is not valid yet, writers go on beside it",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const owner = await onePg(stage, "deploy");
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, label text NOT NULL, n int NOT NULL)`);
    await owner.query(`INSERT INTO ${table} SELECT g, 'Label ' || g, 0 FROM generate_series(1, 45000) g`);
    await owner.query(`ANALYZE ${table}`);
    // A disk slower than the lab's: each row of the build takes a millisecond, each row of the application none.
    await owner.query(
      `CREATE FUNCTION ${table}_key(label text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
      BEGIN
        IF current_setting('lab.slow', true) = 'on' THEN PERFORM pg_sleep(0.001); END IF;
        RETURN lower(label);
      END $$`,
    );
    await owner.query("SET lab.slow = 'on'");
    const writers = await stage.pgSessions(2, stage.application());
    await keepRunning(stage, writers, 10, async (session, turn) => {
      await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = $1`, [1 + (turn % 45_000)]);
      await pause(50);
    });
    stage.leave(owner.query(`CREATE INDEX CONCURRENTLY ${table}_label ON ${table} (${table}_key(label))`));
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => {
        const seen = await watcher.query(
          `SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'building index%'`,
        );
        return seen.rowCount === 1;
      },
      { what: "the index is being built" },
    );
    await watcher.query("SELECT pg_sleep(8)");
    await watcher.end();
    return { culprits: [] };
  },
});
