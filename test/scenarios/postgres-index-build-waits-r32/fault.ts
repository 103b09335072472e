import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: CREATE INDEX CONCURRENTLY waits patiently for an export's snapshot, its index not valid yet; nobody else waits",
  majors: [14, 16, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE subscriptions (id int PRIMARY KEY, plan text NOT NULL, renews_on date NOT NULL);
       INSERT INTO subscriptions SELECT n, 'plan ' || n % 7, current_date + n % 365 FROM generate_series(1, 60000) AS n;
       CREATE TABLE price_list (id int PRIMARY KEY, label text NOT NULL, price int NOT NULL);
       INSERT INTO price_list SELECT n, 'price ' || n, n FROM generate_series(1, 5000) AS n`,
    );
    await setup.query("VACUUM ANALYZE subscriptions, price_list");
    await ordinaryWork(stage);
    const web = await stage.pgSessions(3, "subscriptions-web");
    await keepRunning(stage, web, 15, async (client, turn) => {
      const id = 1 + (turn % 60000);
      await client.query("SELECT plan, renews_on FROM subscriptions WHERE id = $1", [id]);
      if (turn % 4 === 0)
        await client.query("UPDATE subscriptions SET renews_on = renews_on + 30 WHERE id = $1", [id]);
      await pause(40);
    });
    // One snapshot for all pages, so that they fit together.
    const exporter = await onePg(stage, "price-export");
    await exporter.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await keepRunning(stage, [exporter], 5, async (client, turn) => {
      await client.query("SELECT id, label, price FROM price_list WHERE id > $1 ORDER BY id LIMIT 50", [
        (turn * 50) % 5000,
      ]);
      await pause(50);
    });
    const migration = await onePg(stage, "migrate");
    stage.leave(
      migration.query("CREATE INDEX CONCURRENTLY subscriptions_renews_on ON subscriptions (renews_on)"),
    );
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () =>
        (
          await watcher.query(
            "SELECT 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for old snapshots'",
          )
        ).rows.length === 1,
      { what: "the build waits for old snapshots", timeoutMs: 30_000 },
    );
    await watcher.end();
    await pause(8000);
    return { culprits: [] };
  },
});
