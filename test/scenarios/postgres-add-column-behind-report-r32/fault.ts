import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release adds a column without lock_timeout while the monthly report reads the table; the ALTER waits for it, and every reader of the table queues behind the ALTER",
  majors: [16, 18, 15],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE deliveries (id int PRIMARY KEY, zone int NOT NULL, delivered_at timestamptz NOT NULL, state text NOT NULL)",
    );
    await setup.query(
      `INSERT INTO deliveries SELECT n, n % 5, now() - make_interval(secs => (n * 7919) % 4000000), 'delivered'
       FROM generate_series(1, 90000) AS n`,
    );
    await setup.query("VACUUM ANALYZE deliveries");
    await ordinaryWork(stage);
    const report = await onePg(stage, "monthly-report");
    await report.query("SET max_parallel_workers_per_gather = 0");
    stage.leave(
      report.query(
        `SELECT a.zone, count(*) AS pairs, max(a.delivered_at - b.delivered_at) AS widest FROM deliveries a
         JOIN deliveries b ON b.zone = a.zone AND b.delivered_at < a.delivered_at GROUP BY a.zone`,
      ),
    );
    await pause(4000);
    const migration = await onePg(stage, "flyway");
    const culprit = await pidOf(migration);
    stage.leave(migration.query("ALTER TABLE deliveries ADD COLUMN courier_note text"));
    await pause(500);
    const clients = await stage.pgSessions(12, "courier-api");
    for (const [index, client] of clients.entries()) {
      stage.leave(client.query("SELECT state, delivered_at FROM deliveries WHERE id = $1", [1 + index * 31]));
    }
    await pgWaiting(stage, clients.length + 1, 9);
    return { culprits: [culprit] };
  },
});
