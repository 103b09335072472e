import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** Three dashboards put together every visit of the week to draw one funnel; the groups do not fit into work_mem. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title: "Dashboards group every page view by visit, with a hash table that goes to disk each time",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(86)],
  make: async (stage) => {
    const boards = await stage.pgSessions(3, "product-dashboards");
    const [setup] = await stage.pgSessions(1, "collector");
    if (setup === undefined) throw new Error("no session");
    const views = stage.number(480_000, 540_000);
    await setup.query(`CREATE TABLE page_views (visit uuid NOT NULL, site_id int NOT NULL, viewed_at timestamptz NOT NULL, path text NOT NULL, referrer text NOT NULL, PRIMARY KEY (site_id, viewed_at, visit));
      INSERT INTO page_views SELECT md5((n % 160000)::text)::uuid, n % 12, now() - n * interval '1 second', '/shop/' || n % 300 || '/detail', 'https://search.example/' || n % 50 FROM generate_series(1, ${views}) n`);
    await setup.query("VACUUM ANALYZE page_views");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [setup], 10, async (session, turn) => {
      await session.query(
        "INSERT INTO page_views VALUES (gen_random_uuid(), $1, clock_timestamp(), '/', '')",
        [turn % 12],
      );
      await pause(40);
    });
    await keepRunning(stage, boards, 12, (session) =>
      session.query(
        `SELECT steps, count(*) AS visits, avg(stay) AS stay
         FROM (SELECT visit, string_agg(path, ' > ') AS steps, max(viewed_at) - min(viewed_at) AS stay
           FROM page_views WHERE viewed_at > now() - interval '7 days' GROUP BY visit) funnel
         GROUP BY steps ORDER BY visits DESC LIMIT 20`,
      ),
    );
    return { culprits: [] };
  },
});
