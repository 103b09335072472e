import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

const changedSince =
  "SELECT org_slug, contact_no, full_name, attributes FROM crm_contacts WHERE coalesce(changed_at, created_at) > $1 ORDER BY coalesce(changed_at, created_at) LIMIT 500";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A sync connector asks what was changed or else created since its last visit; each time has an index, what is first of both has none",
  tiers: ["immediate", "performance"],
  majors: [16, 14],
  server: { settings: { max_parallel_workers_per_gather: "0" } },
  thresholds: { slowQuerySeconds: 0.2 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(330_000, 380_000);
    await setup.query(
      "CREATE TABLE crm_contacts (org_slug text, contact_no int, full_name text NOT NULL, attributes jsonb NOT NULL, created_at timestamptz NOT NULL, changed_at timestamptz, PRIMARY KEY (org_slug, contact_no))",
    );
    await setup.query(
      `INSERT INTO crm_contacts SELECT 'org-' || n % 700, n, 'Contact ' || n, jsonb_build_object('phone', n, 'source', 'fair', 'note', repeat('x', 60)), now() - n * interval '9 minutes', CASE WHEN n % 4 = 0 THEN now() - (n % 5000 + 30) * interval '7 minutes' END FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("CREATE INDEX crm_contacts_created ON crm_contacts (created_at)");
    await setup.query("CREATE INDEX crm_contacts_changed ON crm_contacts (changed_at)");
    await setup.query("VACUUM ANALYZE crm_contacts");
    await ordinaryWork(stage);
    const people = await stage.pgSessions(2, "crm-web");
    await keepRunning(stage, people, 20, (client, turn) =>
      client.query("SELECT full_name, attributes FROM crm_contacts WHERE org_slug = $1 AND contact_no = $2", [
        `org-${turn % 700}`,
        turn,
      ]),
    );
    const connectors = await stage.pgSessions(4, "warehouse-sync");
    const since = new Date(Date.now() - 45 * 60_000);
    await keepRunning(stage, connectors, 60, (client) => client.query(changedSince, [since]));
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
