import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A publication for all tables was made for the warehouse, and a table without a primary key refuses every update since",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "wms-schema");
    await owner?.query(`CREATE TABLE stock_levels (warehouse int NOT NULL, sku varchar(24) NOT NULL, quantity int NOT NULL);
      CREATE INDEX stock_levels_sku ON stock_levels (sku, warehouse);
      INSERT INTO stock_levels SELECT n % 5, 'SKU-' || n / 5, n % 90 FROM generate_series(1, 40000) n;
      CREATE TABLE pick_lists (id bigserial PRIMARY KEY, sku varchar(24) NOT NULL, quantity int NOT NULL)`);
    await owner?.query("ANALYZE stock_levels");
    await ordinaryWork(stage, 3);
    const pickers = await stage.pgSessions(6, "wms-api");
    let refused = 0;
    const first = stage.number(10, 700);
    await keepRunning(stage, pickers, 60, async (picker, turn) => {
      await picker.query("BEGIN");
      try {
        const sku = `SKU-${first + ((turn * 7) % 6000)}`;
        await picker.query("INSERT INTO pick_lists (sku, quantity) VALUES ($1, 1)", [sku]);
        await picker.query(
          "UPDATE stock_levels SET quantity = quantity - 1 WHERE sku = $1 AND warehouse = $2",
          [sku, turn % 5],
        );
        await picker.query("COMMIT");
      } catch {
        refused += 1;
        await picker.query("ROLLBACK");
      }
      await pause(40);
    });
    const superuser = await openSession(stage.postgres(), {
      user: "rdsadmin",
      applicationName: "dms-set-up",
    });
    await superuser.query("CREATE PUBLICATION warehouse_feed FOR ALL TABLES");
    await closeAll([superuser]);
    await waitUntil(() => refused > 400, { what: "the updates are refused", timeoutMs: 40_000 });
    return { culprits: [] };
  },
});
