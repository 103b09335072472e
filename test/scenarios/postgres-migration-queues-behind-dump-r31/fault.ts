import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { dumpRunning } from "../support/dump-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A deploy's ALTER TABLE waits for the night's pg_dump, and every reader of subscriptions queues behind the ALTER",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10, idleInTransactionSeconds: 6 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE subscriptions (id int PRIMARY KEY, plan varchar(20) NOT NULL, ends_on date NOT NULL);
      INSERT INTO subscriptions SELECT n, 'plan ' || n % 5, current_date + n % 365 FROM generate_series(1, 5000) n;
      CREATE TABLE documents (id int PRIMARY KEY, body text NOT NULL);
      INSERT INTO documents SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 40000) n`);
    await setup.query("VACUUM ANALYZE subscriptions, documents");
    await dumpRunning(stage, ["subscriptions", "documents"], "documents", "id, body");
    const migration = await onePg(stage, "flyway");
    const culprit = await pidOf(migration);
    stage.leave(migration.query("ALTER TABLE subscriptions ADD COLUMN renewal_note varchar(200)"));
    await pgWaiting(stage, 1, 1);
    const readers = await stage.pgSessions(9, "billing-web");
    for (const [index, reader] of readers.entries()) {
      stage.leave(reader.query("SELECT plan, ends_on FROM subscriptions WHERE id = $1", [index * 41 + 1]));
    }
    await pgWaiting(stage, 10, 13);
    return { culprits: [culprit] };
  },
});
