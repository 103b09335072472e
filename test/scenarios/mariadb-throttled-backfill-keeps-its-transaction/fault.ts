import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A backfill rests between its chunks, to be gentle, but within one transaction: the readings stay locked",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 8, longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    const backfill = await oneMy(stage, "unit-backfill");
    const meters = await stage.mySessions(stage.number(9, 12), "metering-api");
    const [sleeper] = await stage.mySessions(1, "heartbeat");
    await backfill.query(
      "CREATE TABLE meter_reading (site_code varchar(12) NOT NULL, meter_no int NOT NULL, read_on date NOT NULL, kwh decimal(14,4) NOT NULL, unit enum('kWh', 'MWh') DEFAULT NULL, PRIMARY KEY (site_code, meter_no, read_on))",
    );
    await backfill.query(
      `INSERT INTO meter_reading SELECT CONCAT('site-', n % 20), n DIV 20, '2026-05-01', n * 0.25, NULL FROM ${numbersTo(12_000)}`,
    );
    await ordinaryWork(stage, 3);
    // Harmless: it sleeps as well, and holds nothing.
    if (sleeper) stage.leave(sleeper.query("SELECT SLEEP(90)"));
    await backfill.query("START TRANSACTION");
    for (const site of ["site-3", "site-4", "site-5"])
      await backfill.query("UPDATE meter_reading SET unit = 'kWh' WHERE site_code = ? AND unit IS NULL", [
        site,
      ]);
    stage.leave(backfill.query("DO SLEEP(120)"));
    for (const [index, meter] of meters.entries())
      stage.leave(
        meter.query(
          "UPDATE meter_reading SET kwh = kwh + 1 WHERE site_code = ? AND meter_no = ? AND read_on = '2026-05-01'",
          [`site-${3 + (index % 3)}`, 20 + index * 5],
        ),
      );
    await myWaiting(stage, meters.length, 14);
    return { culprits: [idOf(backfill)] };
  },
});
