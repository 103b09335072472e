import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration adds a constraint to a small table behind a read nobody committed, and every page waits behind it",
  majors: [17, 14, 16],
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 2, manyWaitingSeconds: 2 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const migration = await onePg(stage, "alembic");
    await migration.query(
      "CREATE TABLE partners (id int PRIMARY KEY, name varchar(60) NOT NULL, informal_name varchar(60))",
    );
    await migration.query(
      "INSERT INTO partners SELECT n, 'Partner ' || n, 'p' || n FROM generate_series(1, 250) AS n",
    );
    const reader = await onePg(stage, stage.application());
    await reader.query("BEGIN");
    await reader.query("SELECT id, name, informal_name FROM partners WHERE id = 17");
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2.5)");
    const culprits = [await pidOf(migration), await pidOf(reader)];
    stage.leave(
      migration.query("ALTER TABLE partners ADD CONSTRAINT unique_informal_name UNIQUE (informal_name)"),
    );
    await pgWaiting(stage, 1, 0.3);
    const pages = await stage.pgSessions(stage.number(8, 14), stage.application());
    for (const [index, page] of pages.entries()) {
      stage.leave(page.query(`SELECT name FROM partners WHERE id = ${index + 1}`));
    }
    await pgWaiting(stage, pages.length + 1, 3.5);
    return { culprits };
  },
});
