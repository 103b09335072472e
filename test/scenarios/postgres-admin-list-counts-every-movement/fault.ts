import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** An admin site's paginator wants the number of all rows for each page that is opened. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title: "An admin site counts every row of its largest table for each page of twenty-five",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(93)],
  make: async (stage) => {
    const staff = await stage.pgSessions(5, "backoffice");
    const [setup, scanner] = await stage.pgSessions(2, "handheld");
    if (setup === undefined || scanner === undefined) throw new Error("no session");
    const rows = stage.number(900_000, 1_100_000);
    await setup.query(`CREATE TABLE warehouse_stockmovement (id bigserial PRIMARY KEY, sku_id int NOT NULL, bin varchar(12) NOT NULL, quantity int NOT NULL, moved_at timestamptz NOT NULL, reason varchar(20) NOT NULL, note text NOT NULL);
      INSERT INTO warehouse_stockmovement (sku_id, bin, quantity, moved_at, reason, note)
        SELECT n % 8000, 'B-' || n % 700, n % 40, now() - n * interval '20 seconds', 'pick', 'picked for order ' || n FROM generate_series(1, ${rows}) n;
      CREATE INDEX ON warehouse_stockmovement (sku_id)`);
    await setup.query("VACUUM ANALYZE warehouse_stockmovement");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [scanner], 10, async (session, turn) => {
      await session.query(
        "INSERT INTO warehouse_stockmovement (sku_id, bin, quantity, moved_at, reason, note) VALUES ($1, 'B-1', 1, now(), 'pick', '')",
        [turn % 8000],
      );
      await pause(40);
    });
    await keepRunning(stage, staff, 90, async (session, turn) => {
      await session.query('SELECT COUNT(*) AS "__count" FROM "warehouse_stockmovement"');
      await session.query(
        'SELECT "warehouse_stockmovement"."id", "warehouse_stockmovement"."sku_id", "warehouse_stockmovement"."quantity" FROM "warehouse_stockmovement" ORDER BY "warehouse_stockmovement"."id" DESC LIMIT 25 OFFSET $1',
        [25 * (turn % 4)],
      );
    });
    return { culprits: [] };
  },
});
