import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Row security compares the tenant with a setting, by an index; the pages are many and quick: all is well",
  tiers: ["immediate", "performance"],
  majors: [15],
  make: async (stage) => {
    const docs = stage.table();
    const admin = await openSession(stage.postgres());
    const rows = stage.number(50_000, 80_000);
    try {
      await admin.query(
        `CREATE TABLE ${docs} (id int PRIMARY KEY, tenant_id int NOT NULL, archived boolean NOT NULL, title text)`,
      );
      await admin.query(
        `INSERT INTO ${docs} SELECT n, 1 + n % 2500, n % 20 = 0, 'title ' || n FROM generate_series(1, ${rows}) n`,
      );
      await admin.query(`CREATE INDEX ON ${docs} (tenant_id)`);
      await admin.query(`ALTER TABLE ${docs} ENABLE ROW LEVEL SECURITY`);
      await admin.query(
        `CREATE POLICY own ON ${docs} FOR SELECT USING (tenant_id = current_setting('app.tenant')::int)`,
      );
      await admin.query(`GRANT SELECT ON ${docs} TO shop`);
      await admin.query(`VACUUM ANALYZE ${docs}`);
    } finally {
      await admin.end();
    }
    const clients = await stage.pgSessions(stage.number(4, 6), stage.application());
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 5000, async (client, turn) => {
      await client.query("SELECT set_config('app.tenant', $1, false)", [String(1 + (turn % 2500))]);
      await client.query(`SELECT id, title FROM ${docs} WHERE NOT archived ORDER BY id DESC LIMIT 20`);
      await client.query(`SELECT count(*) FROM ${docs} WHERE NOT archived`);
      await pause(12);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(48)],
});
