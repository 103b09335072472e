import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A deploy's ALTER TABLE waits without lock_timeout behind a dashboard's query, and every request on the table queues behind the ALTER",
  majors: [15, 17, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE listings (id int PRIMARY KEY, region int NOT NULL, headline varchar(60) NOT NULL, views int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO listings SELECT n, n % 20, md5(n::text), 0 FROM generate_series(1, 80000) AS n",
    );
    await setup.query("VACUUM ANALYZE listings");
    await setup.end();
    // A pool that has nothing to do just now is nobody's fault.
    const pool = await stage.pgSessions(8, "notifications");
    for (const client of pool) await client.query("SELECT 1");
    const dashboard = await onePg(stage, "Metabase");
    stage.leave(
      dashboard.query(
        "SELECT a.region, sum(length(md5(a.headline || b.headline))) AS likeness FROM listings a JOIN listings b ON b.region = a.region GROUP BY a.region",
      ),
    );
    await pause(8000);
    const migration = await onePg(stage, "flyway");
    const culprit = await pidOf(migration);
    stage.leave(migration.query("ALTER TABLE listings ADD COLUMN archived_at timestamptz"));
    await pause(1000);
    const requests = await stage.pgSessions(14, "web");
    for (const [index, request] of requests.entries()) {
      const id = 1 + index * 11;
      stage.leave(
        request.query(
          index % 3 === 0
            ? `UPDATE listings SET views = views + 1 WHERE id = ${id}`
            : `SELECT headline, views FROM listings WHERE id = ${id}`,
        ),
      );
    }
    await pgWaiting(stage, 15, 20);
    return { culprits: [culprit] };
  },
});
