import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A scheduler starts the day's rollup again each minute though it takes longer than that: every copy waits for the rows of the one before",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 12 },
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const views = stage.number(55_000, 60_000);
    await owner.query(`CREATE TABLE page_views (id int PRIMARY KEY, page_id int NOT NULL, visitor_id int NOT NULL, seen_at timestamptz NOT NULL);
      INSERT INTO page_views SELECT n, n % 8, n % 900, date_trunc('day', now()) + n * interval '1 second'
        FROM generate_series(1, ${views}) n;
      CREATE INDEX ON page_views (page_id);
      CREATE TABLE visit_stats (day date NOT NULL, page_id int NOT NULL, returning_visits bigint NOT NULL, PRIMARY KEY (day, page_id));
      INSERT INTO visit_stats SELECT current_date, n, 0 FROM generate_series(0, 7) n`);
    await owner.query("ANALYZE page_views, visit_stats");
    await ordinaryWork(stage, 3);
    const copies = await stage.pgSessions(5, "rollup-cron");
    const pids: number[] = [];
    for (const copy of copies) {
      const { rows } = await copy.query("SELECT pg_backend_pid() AS pid");
      pids.push(rows[0].pid);
      const work = async () => {
        await copy.query("BEGIN");
        await copy.query("DELETE FROM visit_stats WHERE day = current_date");
        await copy.query(`INSERT INTO visit_stats (day, page_id, returning_visits)
          SELECT current_date, later.page_id, count(*) FROM page_views later
          JOIN page_views earlier ON earlier.page_id = later.page_id AND earlier.seen_at < later.seen_at
            AND earlier.seen_at > later.seen_at - interval '30 minutes' AND earlier.visitor_id <> later.visitor_id
          GROUP BY later.page_id`);
        await copy.query("COMMIT");
      };
      stage.leave(work());
      await pause(2500);
    }
    await pause(3000);
    return { culprits: pids };
  },
});
