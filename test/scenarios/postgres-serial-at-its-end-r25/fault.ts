import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The serial key of a table has reached 2147483647: every insert fails",
  majors: [14],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE page_views (id serial PRIMARY KEY, path text NOT NULL)");
    await setup.query("INSERT INTO page_views (path) SELECT '/p/' || n FROM generate_series(1, 5000) n");
    // Far along, and far from its end: a bigint.
    await setup.query("CREATE TABLE audit_trail (id bigserial PRIMARY KEY, what text NOT NULL)");
    await setup.query("SELECT setval('audit_trail_id_seq', 7412345678)");
    await setup.query("INSERT INTO audit_trail (what) SELECT 'login' FROM generate_series(1, 500)");
    await setup.query("SELECT setval('page_views_id_seq', 2147483600)");
    const clients = await stage.pgSessions(4, stage.application());
    await keepRunning(stage, clients, 600, async (client, turn) => {
      await client.query("INSERT INTO page_views (path) VALUES ($1)", [`/q/${turn}`]).catch(() => undefined);
      await pause(10);
    });
    return { culprits: [] };
  },
});
