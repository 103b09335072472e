import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A page counts distinct visitors of every site and sorts all of them on disk each time, work_mem being 4 MB",
  majors: [16, 18, 14],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "watcher");
    await setup.query(
      "CREATE TABLE visits (id bigserial PRIMARY KEY, site_id int NOT NULL, visitor_token varchar(64) NOT NULL, seen_at timestamptz NOT NULL)",
    );
    await setup.query(
      `INSERT INTO visits (site_id, visitor_token, seen_at)
       SELECT n % 20, md5(n::text), now() - make_interval(secs => n) FROM generate_series(1, 300000) AS n`,
    );
    await setup.query("CREATE INDEX visits_seen_at ON visits (seen_at)");
    await setup.query("VACUUM ANALYZE visits");
    const pages = await stage.pgSessions(3, stage.application());
    await keepRunning(stage, pages, 9, async (page) => {
      await page.query(
        "SELECT site_id, count(DISTINCT visitor_token) AS visitors FROM visits WHERE seen_at > now() - interval '30 days' GROUP BY site_id",
      );
    });
    return { culprits: [] };
  },
});
