import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The serial key of the table of page views has reached 2147483647: every insert fails since, all else goes on",
  majors: [15, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE page_views (id serial PRIMARY KEY, path varchar(60) NOT NULL, visitor int NOT NULL, seen_at timestamptz NOT NULL DEFAULT now());
      SELECT setval('page_views_id_seq', 2147483647 - 20030);
      INSERT INTO page_views (path, visitor) SELECT '/article/' || n, n % 900 FROM generate_series(1, 20000) n`);
    await setup.query("VACUUM ANALYZE page_views");
    let failed = 0;
    const trackers = await stage.pgSessions(3, "tracker");
    await keepRunning(stage, trackers, 60, async (tracker, turn) => {
      await tracker
        .query("INSERT INTO page_views (path, visitor) VALUES ($1, $2)", [`/article/${turn}`, turn % 900])
        .catch(() => {
          failed += 1;
        });
      await pause(40);
    });
    await waitUntil(() => failed > 200, { what: "inserts fail", timeoutMs: 30_000 });
    return { culprits: [] };
  },
});
