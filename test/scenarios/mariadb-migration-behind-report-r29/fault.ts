import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A deploy's ALTER TABLE waits behind a long report, and everybody who wants the table queues behind the ALTER",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE reservations (id int PRIMARY KEY, region int NOT NULL, total int NOT NULL, note varchar(40) NOT NULL)",
    );
    await setup.query(
      `INSERT INTO reservations SELECT n, n % 12, (n * 7919) % 99991, CONCAT('note ', n) FROM ${numbersTo(40_000)}`,
    );
    const report = await oneMy(stage, "monthly-report");
    stage.leave(
      report.query(
        "SELECT a.region, COUNT(*) AS dearer FROM reservations a JOIN reservations b ON b.total > a.total AND b.region = a.region + 1 GROUP BY a.region",
      ),
    );
    await pause(1500);
    const deploy = await oneMy(stage, "deploy");
    stage.leave(
      deploy.query("ALTER TABLE reservations ADD COLUMN channel varchar(20) NOT NULL DEFAULT 'web'"),
    );
    await pause(500);
    const readers = await stage.mySessions(stage.number(6, 8), "booking-api");
    for (const [index, one] of readers.entries()) {
      stage.leave(one.query(`SELECT total, note FROM reservations WHERE id = ${100 + index}`));
    }
    const writers = await stage.mySessions(3, "booking-api");
    for (const [index, one] of writers.entries()) {
      stage.leave(one.query(`UPDATE reservations SET total = total + 1 WHERE id = ${900 + index}`));
    }
    await pause(11_500);
    return { culprits: [idOf(deploy)] };
  },
});
