import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [14],
  title: "The serial key of a table has reached the last integer: no row can be added any more",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "psql");
    await setup.query(
      "CREATE TABLE click_events (id serial PRIMARY KEY, page text NOT NULL, at timestamptz)",
    );
    await setup.query(
      "INSERT INTO click_events SELECT 2147480000 + n, 'page ' || n % 40, now() FROM generate_series(1, 3647) AS n",
    );
    await setup.query("SELECT setval('click_events_id_seq', 2147483647)");
    // A sequence that is far from its end, and one that is meant to come round.
    await setup.query("CREATE TABLE parcels (id serial PRIMARY KEY, code text)");
    await setup.query("INSERT INTO parcels (code) SELECT md5(n::text) FROM generate_series(1, 500) AS n");
    await setup.query("CREATE SEQUENCE label_no MAXVALUE 999 CYCLE");
    await setup.query("SELECT setval('label_no', 990)");
    await setup.query("ANALYZE");
    await ordinaryWork(stage);
    const writers = await stage.pgSessions(4, stage.application());
    await keepRunning(stage, writers, 60, async (client, turn) => {
      await client
        .query("INSERT INTO click_events (page, at) VALUES ($1, now())", [`page ${turn % 40}`])
        .catch(() => undefined);
      await pause(60);
    });
    return { culprits: [] };
  },
});
