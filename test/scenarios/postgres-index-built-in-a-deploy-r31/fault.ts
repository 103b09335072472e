import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A deploy builds an index without CONCURRENTLY: readers go on, everybody who writes the table waits for the build",
  majors: [14, 16, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const migration = await onePg(stage, "alembic");
    const culprit = await pidOf(migration);
    await migration.query(`CREATE FUNCTION phone_key(phone text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
      DECLARE answer text := phone;
      BEGIN FOR turn IN 1..4000 LOOP answer := md5(answer || phone); END LOOP; RETURN answer; END $$`);
    await migration.query(
      "CREATE TABLE contacts (id int PRIMARY KEY, phone varchar(20) NOT NULL, touched int NOT NULL)",
    );
    await migration.query(
      "INSERT INTO contacts SELECT n, '+49' || (n * 7919), 0 FROM generate_series(1, 70000) AS n",
    );
    await migration.query("VACUUM ANALYZE contacts");
    const readers = await stage.pgSessions(2, "directory");
    await keepRunning(stage, readers, 10, async (reader, turn) => {
      await reader.query(`SELECT phone FROM contacts WHERE id = ${1 + (turn % 70_000)}`);
      await pause(40);
    });
    stage.leave(migration.query("CREATE INDEX contacts_phone_key ON contacts (phone_key(phone))"));
    await pause(2000);
    const writers = await stage.pgSessions(12, "crm");
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`UPDATE contacts SET touched = touched + 1 WHERE id = ${1 + index * 17}`));
    }
    await pgWaiting(stage, 12, 25);
    return { culprits: [culprit] };
  },
});
