import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { dumpRunning } from "../support/dump-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A deployment adds a column while the nightly pg_dump runs: the ALTER TABLE waits for the dump, and every page of the shop waits behind the ALTER TABLE",
  majors: [14, 16, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE documents (id int PRIMARY KEY, body text NOT NULL);
      INSERT INTO documents SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 40000) n;
      CREATE TABLE customers (id int PRIMARY KEY, mail varchar(60) NOT NULL, last_seen timestamptz);
      INSERT INTO customers SELECT n, 'c' || n || '@example.com', now() FROM generate_series(1, 5000) n`);
    await setup.query("VACUUM ANALYZE documents, customers");
    await dumpRunning(stage, ["customers", "documents"], "documents", "id, body");
    const migration = await onePg(stage, "flyway");
    const culprit = await pidOf(migration);
    stage.leave(
      migration.query("ALTER TABLE customers ADD COLUMN consent_given boolean NOT NULL DEFAULT false"),
    );
    await setup.query("SELECT pg_sleep(0.5)");
    const pages = await stage.pgSessions(9, stage.application());
    for (const [index, page] of pages.entries()) {
      stage.leave(
        index % 3 === 0
          ? page.query("UPDATE customers SET last_seen = now() WHERE id = $1", [index + 1])
          : page.query("SELECT id, mail FROM customers WHERE id = $1", [index + 1]),
      );
    }
    await pgWaiting(stage, 10, 14);
    return { culprits: [culprit] };
  },
});
