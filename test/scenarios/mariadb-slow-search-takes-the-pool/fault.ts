import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A look-up without an index keeps every worker busy, the web servers open one more each, the slots are nearly gone",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 44 },
  metrics: () => [busyCpu(96)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    const parts = stage.number(80_000, 95_000);
    await admin.query(
      "CREATE TABLE app.spare_parts (id int PRIMARY KEY, maker int NOT NULL, maker_code varchar(20) NOT NULL, name varchar(80) NOT NULL, KEY ix_maker (maker))",
    );
    await admin.query(
      `INSERT INTO app.spare_parts SELECT n, n % 40, CONCAT('C', n * 13), CONCAT('part ', n, REPEAT(' x', 20)) FROM ${numbersTo(parts)}`,
    );
    await admin.query("ANALYZE TABLE app.spare_parts");
    await ordinaryWork(stage, 2);
    // A report of its own table, once in a while.
    const [lister] = await stage.mySessions(1, "stock-list");
    if (lister === undefined) throw new Error("no session");
    await lister.query("CREATE TABLE shelves (id int PRIMARY KEY, aisle int, free int)");
    await lister.query(`INSERT INTO shelves SELECT n, n % 30, n % 8 FROM ${numbersTo(2000)}`);
    await keepRunning(stage, [lister], 3, async (session) => {
      await session.query("SELECT aisle, SUM(free) FROM shelves GROUP BY aisle");
      await pause(400);
    });
    const workers = await stage.mySessions(stage.number(32, 33), "parts-shop");
    await keepRunning(stage, workers, 150, async (worker, turn) => {
      await worker.query("SELECT id, name FROM spare_parts WHERE maker_code = ?", [
        `C${(turn % parts) * 13}`,
      ]);
    });
    return { culprits: [] };
  },
});
