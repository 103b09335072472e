import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "This morning's feeds were loaded after the last ANALYZE: the planner believes in one row of today in each, and compares thousands with thousands one by one",
  majors: [17, 16],
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "300s" } },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    for (const feed of ["price_feed_lines", "stock_feed_lines"]) {
      await setup.query(`CREATE TABLE ${feed} (id bigserial PRIMARY KEY, supplier int NOT NULL, ean varchar(20) NOT NULL, amount int NOT NULL, loaded_on date NOT NULL);
        CREATE INDEX ${feed}_day ON ${feed} (loaded_on);
        INSERT INTO ${feed} (supplier, ean, amount, loaded_on) SELECT n % 7, 'E' || n, 100 + n % 800, current_date - 1 - n % 30 FROM generate_series(1, 9000) n`);
    }
    // What was done is counted only some time after.
    await pause(1500);
    await setup.query("SELECT 1");
    await setup.query("VACUUM ANALYZE price_feed_lines, stock_feed_lines");
    for (const feed of ["price_feed_lines", "stock_feed_lines"]) {
      await setup.query(
        `INSERT INTO ${feed} (supplier, ean, amount, loaded_on) SELECT n % 7, 'E' || n, 100 + n % 800, current_date FROM generate_series(1, 3200) n`,
      );
    }
    await pause(1500);
    await setup.query("SELECT 1");
    const clients = await stage.pgSessions(2, "feed-compare");
    await keepRunning(stage, clients, 8, async (client) => {
      await client.query(
        "SELECT p.supplier, count(*), sum(p.amount * s.amount) FROM price_feed_lines p JOIN stock_feed_lines s ON s.ean = p.ean WHERE p.loaded_on = current_date AND s.loaded_on = current_date GROUP BY p.supplier",
      );
      await pause(100);
    });
    return { culprits: [] };
  },
});
