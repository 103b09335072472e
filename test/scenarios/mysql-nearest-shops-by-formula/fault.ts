import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The nearest pick-up points are found by the formula over all of them, at each step of the check-out",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(94)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    const points = stage.number(38_000, 46_000);
    await admin.query(
      "CREATE TABLE app.pickup_points (id int PRIMARY KEY, name varchar(60) NOT NULL, lat double NOT NULL, lng double NOT NULL, open_now tinyint NOT NULL)",
    );
    await admin.query(
      `INSERT INTO app.pickup_points SELECT n, CONCAT('point ', n), 47 + (n * 7919 % 70000) / 10000, 6 + (n * 104729 % 90000) / 10000, n % 10 > 0 FROM ${numbersTo(points)}`,
    );
    await admin.query("ANALYZE TABLE app.pickup_points");
    await ordinaryWork(stage, 3);
    // Asked once in a while, of a small table without an index for it.
    const [lister] = await stage.mySessions(1, "holiday-list");
    if (lister === undefined) throw new Error("no session");
    await lister.query("CREATE TABLE holidays (id int PRIMARY KEY, day date, region int)");
    await lister.query(
      `INSERT INTO holidays SELECT n, '2026-01-01' + INTERVAL n % 365 DAY, n % 16 FROM ${numbersTo(1500)}`,
    );
    await keepRunning(stage, [lister], 3, async (session, turn) => {
      await session.query("SELECT day FROM holidays WHERE region = ?", [turn % 16]);
      await pause(300);
    });
    const clients = await stage.mySessions(stage.number(4, 5), "checkout-web");
    await keepRunning(stage, clients, 60, async (client, turn) => {
      const lat = 48 + (turn % 40) / 10;
      await client.query(
        "SELECT id, name, 6371 * ACOS(LEAST(1, COS(RADIANS(?)) * COS(RADIANS(lat)) * COS(RADIANS(lng) - RADIANS(?)) + SIN(RADIANS(?)) * SIN(RADIANS(lat)))) AS km FROM pickup_points WHERE open_now = 1 HAVING km < 25 ORDER BY km LIMIT 10",
        [lat, 9.5, lat],
      );
      await pause(20);
    });
    return { culprits: [] };
  },
});
