import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "This morning's rows are unknown to the planner: it takes one for each side and joins them by a nested loop",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(93)],
  make: async (stage) => {
    const owner = await openSession(stage.postgres(), { user: "shop" });
    stage.cleanUp(() => owner.end());
    const today = stage.number(2600, 3000);
    await owner.query(`CREATE TABLE parcels (id bigserial PRIMARY KEY, day date NOT NULL, barcode int NOT NULL, depot int NOT NULL);
      CREATE TABLE scans (id bigserial PRIMARY KEY, day date NOT NULL, barcode int NOT NULL, place int NOT NULL);
      CREATE INDEX parcels_day ON parcels (day);
      CREATE INDEX scans_day ON scans (day);
      INSERT INTO parcels (day, barcode, depot) SELECT current_date - 1 - n / 900, n, n % 7 FROM generate_series(0, 89999) n;
      INSERT INTO scans (day, barcode, place) SELECT current_date - 1 - n / 900, n, n % 31 FROM generate_series(0, 89999) n;`);
    await owner.query("ANALYZE parcels, scans");
    // Not a tenth of the table: autovacuum's threshold for a new ANALYZE is not reached.
    await owner.query(`INSERT INTO parcels (day, barcode, depot) SELECT current_date, 500000 + n, n % 7 FROM generate_series(1, ${today}) n;
      INSERT INTO scans (day, barcode, place) SELECT current_date, 500000 + n, n % 31 FROM generate_series(1, ${today}) n`);
    await ordinaryWork(stage, 3);
    const boards = await stage.pgSessions(3, "depot-board");
    await keepRunning(stage, boards, 20, async (board) => {
      await board.query(
        "SELECT p.depot, count(*) FROM parcels p JOIN scans s ON s.barcode = p.barcode AND s.day = p.day WHERE p.day = current_date AND s.day = current_date GROUP BY p.depot",
      );
      await pause(40);
    });
    return { culprits: [] };
  },
});
