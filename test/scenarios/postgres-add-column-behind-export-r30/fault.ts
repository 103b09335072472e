import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A deploy's ALTER TABLE … ADD COLUMN without lock_timeout waits behind an export that reads by cursor, and all of the shop waits behind the ALTER",
  majors: [17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE reservations (id int PRIMARY KEY, guest varchar(40) NOT NULL, nights int NOT NULL);
       INSERT INTO reservations SELECT n, 'guest ' || n, 1 + n % 9 FROM generate_series(1, 120000) AS n`,
    );
    await settled(setup, "reservations");
    const exporter = await onePg(stage, "warehouse-export");
    await exporter.query("BEGIN READ ONLY");
    await exporter.query(
      "DECLARE export_rows CURSOR FOR SELECT id, guest, nights FROM reservations ORDER BY id",
    );
    await keepRunning(stage, [exporter], 5, async (session) => {
      await session.query("FETCH 100 FROM export_rows");
      await pause(120);
    });
    const migration = await onePg(stage, "migrate");
    const culprit = await pidOf(migration);
    stage.leave(migration.query("ALTER TABLE reservations ADD COLUMN loyalty_level smallint"));
    await pgWaiting(stage, 1, 1);
    const pages = await stage.pgSessions(14, "booking-site");
    for (const [index, page] of pages.entries()) {
      stage.leave(
        index % 4 === 0
          ? page.query("UPDATE reservations SET nights = nights + 1 WHERE id = $1", [index + 10])
          : page.query("SELECT guest, nights FROM reservations WHERE id = $1", [index + 10]),
      );
    }
    await pgWaiting(stage, 1 + pages.length, 15);
    return { culprits: [culprit] };
  },
});
