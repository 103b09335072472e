import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: CREATE INDEX CONCURRENTLY has been at a large table for long, its index is not valid yet, and readers and writers of the table go on",
  majors: [18, 14],
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 300 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE phone_contacts (id int PRIMARY KEY, phone varchar(30) NOT NULL, called int NOT NULL);
      INSERT INTO phone_contacts SELECT n, '+49 (0) 30-' || n, 0 FROM generate_series(1, 600000) n;
      CREATE FUNCTION normal_phone(phone text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
        DECLARE told text := phone;
        BEGIN
          FOR n IN 1..200 LOOP told := regexp_replace(regexp_replace(told, '[^0-9+]', '', 'g'), '^[+]490', '+49'); END LOOP;
          RETURN told;
        END $$`);
    await setup.query("VACUUM ANALYZE phone_contacts");
    await ordinaryWork(stage);
    const users = await stage.pgSessions(2, stage.application());
    await keepRunning(stage, users, 10, async (user, turn) => {
      await user.query("SELECT phone, called FROM phone_contacts WHERE id = $1", [1 + (turn % 600)]);
      await user.query("UPDATE phone_contacts SET called = called + 1 WHERE id = $1", [1 + (turn % 600)]);
      await pause(30);
    });
    const builder = await onePg(stage, "migrations");
    stage.leave(
      builder.query(
        "CREATE INDEX CONCURRENTLY phone_contacts_normal ON phone_contacts (normal_phone(phone))",
      ),
    );
    await waitUntil(
      async () => {
        const sql = "SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'building index%'";
        return (await setup.query(sql)).rowCount === 1;
      },
      { what: "the index is being built", everyMs: 100 },
    );
    await pause(9000);
    return { culprits: [] };
  },
});
