import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "A retention job deletes each tenant's expired audit events by small batches, and each batch reads the table",
  tiers: ["immediate", "performance"],
  unhealed:
    "the index is being built, and waits for the statement that sleeps for a minute beside, as the card says it does",
  make: async (stage) => {
    const purgers = await stage.pgSessions(stage.number(2, 3), "retention-job");
    const app = await stage.pgSessions(2, "backend");
    const analyst = await onePg(stage, "analyst");
    const rows = stage.number(120_000, 150_000);
    const [setup] = purgers;
    await setup?.query(`CREATE TABLE audit_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id uuid NOT NULL, occurred_at timestamptz NOT NULL, actor text NOT NULL, action varchar(40) NOT NULL, details jsonb NOT NULL);
      INSERT INTO audit_event (tenant_id, occurred_at, actor, action, details) SELECT md5((n % 80)::text)::uuid, now() - (n % 100) * interval '1 day', 'user-' || n % 500, 'document.viewed', jsonb_build_object('document', n) FROM generate_series(1, ${rows}) n;
      CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL);
      INSERT INTO country VALUES ('de', 'Germany'), ('fr', 'France')`);
    await setup?.query("ANALYZE audit_event");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, app, 10, async (client, turn) => {
      await client.query(
        "INSERT INTO audit_event (tenant_id, occurred_at, actor, action, details) VALUES (md5($1)::uuid, now(), 'user-1', 'document.saved', '{}')",
        [String(turn % 80)],
      );
      await pause(30);
    });
    // Harmless: it runs long now and then, waits for its own reasons, and wants nothing of the rest.
    stage.leave(analyst.query("SELECT code, pg_sleep(60) FROM country"));
    await keepRunning(stage, purgers, 240, async (client, turn) => {
      await client.query(
        "DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event WHERE tenant_id = md5($1)::uuid AND occurred_at < now() - interval '90 days' ORDER BY occurred_at LIMIT 20)",
        [String(turn % 80)],
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(89)],
});
