import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const pending = `SELECT "webhook_events"."id", "webhook_events"."topic", "webhook_events"."payload"
  FROM "webhook_events" LEFT OUTER JOIN "webhook_deliveries" ON ("webhook_events"."id" = "webhook_deliveries"."event_id")
  WHERE ("webhook_events"."tenant_id" = $1 AND "webhook_deliveries"."event_id" IS NULL)
  ORDER BY "webhook_events"."created_at" ASC LIMIT 50`;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A dispatcher asks for a tenant's events that nobody has delivered yet, and the deliveries are indexed by number only",
  tiers: ["immediate", "performance"],
  majors: [16],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const tenants = stage.number(380, 420);
    await setup.query(
      "CREATE TABLE webhook_events (id uuid PRIMARY KEY, tenant_id int NOT NULL, topic varchar(40) NOT NULL, created_at timestamptz NOT NULL, payload jsonb NOT NULL)",
    );
    await setup.query(
      `INSERT INTO webhook_events SELECT md5('e' || n)::uuid, n % ${tenants}, 'order.paid', now() - n * interval '9 seconds', jsonb_build_object('order', n) FROM generate_series(1, 60000) n`,
    );
    await setup.query("CREATE INDEX webhook_events_tenant ON webhook_events (tenant_id, created_at)");
    await setup.query(
      "CREATE TABLE webhook_deliveries (delivery_id bigserial PRIMARY KEY, event_id uuid NOT NULL, attempt smallint NOT NULL, http_status smallint, answered_at timestamptz NOT NULL)",
    );
    await setup.query(
      "INSERT INTO webhook_deliveries (event_id, attempt, http_status, answered_at) SELECT md5('e' || n)::uuid, a, 200 + a, now() - n * interval '8 seconds' FROM generate_series(200, 60000) n, generate_series(1, 6) a",
    );
    await setup.query("VACUUM ANALYZE webhook_events");
    await setup.query("VACUUM ANALYZE webhook_deliveries");
    await setup.query("CREATE TABLE feature_flags (flag varchar(40), tenant_id int, on_off boolean)");
    await setup.query(
      "INSERT INTO feature_flags SELECT 'flag-' || n, n, n % 2 = 0 FROM generate_series(1, 120) n",
    );
    await ordinaryWork(stage);
    // Asked a hundred times a second and read whole each time: it has 120 rows.
    const flags = await stage.pgSessions(1, "admin-ui");
    await keepRunning(stage, flags, 20, async (client, turn) => {
      await client.query("SELECT on_off FROM feature_flags WHERE flag = $1", [`flag-${turn % 120}`]);
      await pause(10);
    });
    const workers = await stage.pgSessions(3, "webhook-dispatcher");
    await keepRunning(stage, workers, 90, (client, turn) => client.query(pending, [(turn * 13) % tenants]));
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
