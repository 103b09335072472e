import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The serial of the busiest table has given its last number (2147483647), and each insert fails",
  majors: [15, 16, 14],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE page_views (id serial PRIMARY KEY, visitor text NOT NULL, path text NOT NULL, at timestamptz NOT NULL DEFAULT now());
       SELECT setval('page_views_id_seq', 2147450000);
       INSERT INTO page_views (visitor, path) SELECT md5(n::text), '/p/' || n % 90 FROM generate_series(1, 33640) AS n`,
    );
    await setup.query("VACUUM ANALYZE page_views");
    await ordinaryWork(stage);
    const trackers = await stage.pgSessions(3, "tracker");
    await keepRunning(stage, trackers, 60, async (client, turn) => {
      await client
        .query("INSERT INTO page_views (visitor, path) VALUES (md5($1::text), '/p/1')", [turn])
        .catch(() => undefined);
      await pause(90);
    });
    await pause(5000);
    return { culprits: [] };
  },
});
