import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A CRM finds names by any part of them, through an index of trigrams: busy, and nothing to be done",
  tiers: ["immediate", "performance"],
  majors: [16],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(110_000, 130_000);
    await setup.query("CREATE EXTENSION pg_trgm");
    await setup.query(
      "CREATE TABLE contacts (tenant_id int NOT NULL, contact_id uuid NOT NULL, full_name text NOT NULL, email varchar(80) NOT NULL, PRIMARY KEY (tenant_id, contact_id))",
    );
    await setup.query(
      `INSERT INTO contacts SELECT n % 60, md5('c' || n)::uuid, initcap(left(md5('f' || n), 7)) || ' ' || initcap(left(md5('l' || n), 9)), left(md5(n::text), 12) || '@example.org' FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("CREATE INDEX contacts_name ON contacts USING gin (full_name gin_trgm_ops)");
    await setup.query("VACUUM ANALYZE contacts");
    await ordinaryWork(stage);
    const agents = await stage.pgSessions(4, "crm-web");
    const found = await setup.query("SELECT substr(full_name, 2, 3) AS part FROM contacts LIMIT 200");
    await keepRunning(stage, agents, 600, async (client, turn) => {
      await client.query(
        "SELECT tenant_id, contact_id, full_name, email FROM contacts WHERE full_name ILIKE $1 ORDER BY full_name LIMIT 20",
        [`%${found.rows[turn % found.rows.length].part}%`],
      );
      await pause(4);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(58)],
});
