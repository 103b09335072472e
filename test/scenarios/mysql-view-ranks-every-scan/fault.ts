import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A view numbers the scans of every parcel to find the last of each; the page that filters it pays for all of them",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const desks = await stage.mySessions(stage.number(3, 4), "lost-parcels");
    const scans = stage.number(60_000, 70_000);
    const [setup] = desks;
    await setup?.query(
      "CREATE TABLE parcel_scans (depot_code char(4) NOT NULL, scan_no bigint unsigned NOT NULL, parcel_no varchar(22) CHARACTER SET ascii NOT NULL, state enum('in', 'out', 'lost', 'given') NOT NULL, scanned_at datetime(6) NOT NULL, PRIMARY KEY (depot_code, scan_no), KEY by_parcel (parcel_no, scanned_at), KEY by_state (state, depot_code))",
    );
    await setup?.query(
      `INSERT INTO parcel_scans SELECT CONCAT('D', LPAD(n % 40, 3, '0')), n, CONCAT('00340', LPAD(n DIV 5, 9, '0')), IF(n % 899 = 0, 'lost', ELT(1 + n % 3, 'in', 'out', 'given')), '2026-09-01' + INTERVAL n SECOND FROM ${numbersTo(scans)}`,
    );
    await setup?.query(
      "CREATE VIEW parcel_latest AS SELECT depot_code, parcel_no, state, scanned_at, ROW_NUMBER() OVER (PARTITION BY parcel_no ORDER BY scanned_at DESC) AS age_rank FROM parcel_scans",
    );
    await setup?.query("ANALYZE TABLE parcel_scans");
    await ordinaryWork(stage, 3);
    // Harmless: a driver's handheld between two of its scans.
    const handheld = await oneMy(stage, "handheld");
    await handheld.query("CREATE TABLE tours (tour_no int PRIMARY KEY, driver varchar(40))");
    await handheld.query("START TRANSACTION");
    await handheld.query("INSERT INTO tours VALUES (1, 'north')");
    await keepRunning(stage, desks, 60, (desk, turn) =>
      desk.query(
        "SELECT `parcel_no`, `scanned_at` FROM `parcel_latest` WHERE `age_rank` = 1 AND `state` = 'lost' AND `depot_code` = ? ORDER BY `scanned_at` LIMIT 20",
        [`D0${String(10 + (turn % 30))}`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(95)],
});
