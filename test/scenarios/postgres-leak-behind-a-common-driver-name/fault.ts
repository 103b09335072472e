import { Client } from "pg";
import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const driver = "PostgreSQL JDBC Driver";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A sync job never gives its connections back; the shop's pool goes by the same driver's name and is in use",
  majors: [17],
  thresholds: { idleSessionSeconds: 1, leakIdleSeconds: 2 },
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    try {
      await admin.query("CREATE ROLE catalog_sync LOGIN PASSWORD 'sync-lab'");
      await admin.query(
        "CREATE TABLE sync_runs (source text, run_at timestamptz, PRIMARY KEY (source, run_at))",
      );
      await admin.query("GRANT SELECT, INSERT ON sync_runs TO catalog_sync, shop");
    } finally {
      await admin.end();
    }
    await ordinaryWork(stage);
    const pool = await stage.pgSessions(6, driver);
    await keepRunning(stage, pool, 20, async (client) => {
      await client.query("SELECT count(*) FROM sync_runs WHERE source = 'erp'");
      await pause(150);
    });
    const { port } = stage.server;
    const connectionString = `postgres://catalog_sync:sync-lab@127.0.0.1:${port}/app`;
    const leaked: number[] = [];
    const most = stage.number(36, 38);
    while (leaked.length < most) {
      const client = new Client({ connectionString, application_name: driver });
      client.on("error", () => undefined);
      await client.connect();
      stage.cleanUp(() => client.end());
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      leaked.push(...rows.map(({ pid }) => pid));
      await client.query("BEGIN");
      await client.query("INSERT INTO sync_runs VALUES ('erp', clock_timestamp())");
      await client.query("COMMIT");
      await pause(120);
    }
    await pause(3000);
    return { culprits: leaked };
  },
});
