import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A big import went in after the last ANALYZE: the planner takes its batch for one row and joins it row by row",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  server: { settings: { autovacuum_naptime: "900s" } },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE import_lines (id int PRIMARY KEY, batch int NOT NULL, sku int NOT NULL, quantity int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO import_lines SELECT n, 1 + n % 30, n % 20000, 1 FROM generate_series(1, 120000) n",
    );
    await setup.query("CREATE INDEX import_lines_batch ON import_lines (batch)");
    await setup.query(
      "CREATE TABLE import_prices (id int PRIMARY KEY, batch int NOT NULL, sku int NOT NULL, price int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO import_prices SELECT n, 1 + n % 30, n % 20000, n % 700 FROM generate_series(1, 120000) n",
    );
    await setup.query("CREATE INDEX import_prices_batch ON import_prices (batch)");
    await pause(1200);
    // Up to 14 a session tells what it wrote at the end of its next statement.
    await setup.query("SELECT 1");
    await setup.query("ANALYZE");
    await pause(1200);
    const batch = 31 + stage.number(1, 60);
    await setup.query(
      `INSERT INTO import_lines SELECT 200000 + n, ${batch}, n % 20000, 1 FROM generate_series(1, 30000) n`,
    );
    await setup.query(
      `INSERT INTO import_prices SELECT 200000 + n, ${batch}, n, n % 700 FROM generate_series(1, 6000) n`,
    );
    await setup.end();
    await ordinaryWork(stage, 3);
    const clients = await stage.pgSessions(2, "pricing-api");
    await keepRunning(stage, clients, 3, async (client) => {
      await client.query(
        `SELECT sum(l.quantity * p.price) FROM import_lines l JOIN import_prices p ON p.batch = l.batch AND p.sku = l.sku WHERE l.batch = ${batch} AND l.id < 203001`,
      );
      await pause(20);
    });
    return { culprits: [] };
  },
});
