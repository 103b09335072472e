import { Client } from "pg";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A price job makes a new engine for each run and never disposes of it: its sessions stay, without a name, after ROLLBACK",
  majors: [16],
  server: { maxConnections: 60 },
  thresholds: { leakIdleSeconds: 5, idleSessionSeconds: 5 },
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.postgres().adminUrl });
    await admin.connect();
    await admin.query("CREATE ROLE pricing_jobs LOGIN PASSWORD 'pricing-lab'");
    await admin.query("GRANT pg_read_all_data TO pricing_jobs");
    await admin.end();
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE price_points (sku varchar(12), market char(2), valid_from date, cents int NOT NULL, PRIMARY KEY (sku, market, valid_from))",
    );
    await setup.query(
      "INSERT INTO price_points SELECT 'A' || n, m, current_date, n FROM generate_series(1, 500) n, unnest(ARRAY['de', 'at', 'ch']) m",
    );
    await ordinaryWork(stage);
    // A pool that is as large as it is meant to be, and used in turns.
    const orders = await stage.pgSessions(7, "orders-api");
    await keepRunning(stage, orders, 14, async (client, turn) => {
      await client.query("SELECT cents FROM price_points WHERE sku = $1 AND market = 'de'", [
        `A${turn % 500}`,
      ]);
      await pause(150);
    });
    const url = new URL(stage.postgres().adminUrl);
    url.username = "pricing_jobs";
    url.password = "pricing-lab";
    const leaked: Client[] = [];
    stage.cleanUp(() => Promise.all(leaked.map((client) => client.end().catch(() => undefined))));
    const jobs = stage.number(33, 36);
    for (let job = 0; job < jobs; job += 1) {
      const client = new Client({ connectionString: url.href });
      client.on("error", () => undefined);
      await client.connect();
      leaked.push(client);
      await client.query("BEGIN");
      await client.query("SELECT sku, cents FROM price_points WHERE market = $1", [
        ["de", "at", "ch"][job % 3],
      ]);
      await client.query("ROLLBACK");
      await pause(220);
    }
    await pause(7000);
    return { culprits: [] };
  },
});
