import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration adds a column and fills it for every row in one transaction: the table is locked against everybody until the UPDATE is through",
  majors: [16],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE help_pages (id int PRIMARY KEY, slug varchar(40) NOT NULL, body text NOT NULL)",
    );
    await setup.query(
      `INSERT INTO help_pages SELECT n, 'page-' || n,
         repeat('How do I return a parcel that was delivered to my neighbours yesterday, question ' || n || '? ', 110)
       FROM generate_series(1, 90000) AS n`,
    );
    await settled(setup, "help_pages");
    const migration = await onePg(stage, "flyway");
    const culprit = await pidOf(migration);
    await migration.query("BEGIN");
    await migration.query("ALTER TABLE help_pages ADD COLUMN search tsvector");
    stage.leave(migration.query("UPDATE help_pages SET search = to_tsvector('english', body)"));
    await pause(1500);
    const readers = await stage.pgSessions(12, "help-centre");
    for (const [index, reader] of readers.entries()) {
      stage.leave(reader.query("SELECT slug, body FROM help_pages WHERE id = $1", [index * 31 + 1]));
    }
    await pgWaiting(stage, readers.length, 14);
    return { culprits: [culprit] };
  },
});
