import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A table has come to the age at which it is frozen: autovacuum works at it 'to prevent wraparound', in time, with nobody behind it",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  server: {
    settings: {
      autovacuum_naptime: "1s",
      autovacuum_freeze_max_age: "100000",
      vacuum_freeze_min_age: "1000",
      vacuum_freeze_table_age: "90000",
      autovacuum_vacuum_cost_delay: "20ms",
      autovacuum_vacuum_cost_limit: "200",
    },
  },
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "letters-archive");
    const letters = stage.number(520_000, 560_000);
    await owner?.query(`CREATE TABLE archived_letters (id int PRIMARY KEY, sender int NOT NULL, body text NOT NULL);
      INSERT INTO archived_letters SELECT n, n % 5000, repeat('letter ', 30) FROM generate_series(1, ${letters}) n`);
    await owner?.query("ANALYZE archived_letters");
    await ordinaryWork(stage, 3);
    const [reader] = await stage.pgSessions(1, "archive-search");
    if (reader === undefined) throw new Error("no session");
    await keepRunning(stage, [reader], 10, async (client, turn) => {
      await client.query("SELECT sender, body FROM archived_letters WHERE id = $1", [
        1 + ((turn * 97) % letters),
      ]);
      await pause(30);
    });
    // The transactions of months, in seconds.
    const months = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "set-up" });
    await months.query(
      "DO $$ BEGIN FOR i IN 1..110000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    );
    await waitUntil(
      async () =>
        (
          await months.query(
            "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND query LIKE '%archived_letters%wraparound%'",
          )
        ).rowCount === 1,
      { what: "the table is being frozen", timeoutMs: 60_000 },
    );
    await closeAll([months]);
    await pause(4000);
    return { culprits: [] };
  },
});
