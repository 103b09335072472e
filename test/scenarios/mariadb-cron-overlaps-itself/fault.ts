import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const job =
  "SELECT m.region, r.tariff, COUNT(DISTINCT r.meter_no) AS meters, SUM(r.kwh) AS kwh, COUNT(DISTINCT LEFT(SHA1(CONCAT(r.meter_no, r.read_at)), 12)) AS readings FROM meter_readings r JOIN meters m ON m.meter_no = r.meter_no GROUP BY m.region, r.tariff";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A job that cron starts every minute has come to take longer than that: a dozen of it run at once and take the CPU from each other",
  tiers: ["immediate", "performance"],
  // Its minute is a second and a half here.
  thresholds: { longRunningSeconds: 4 },
  make: async (stage) => {
    const copies = await stage.mySessions(stage.number(10, 13), "cron-energy-balance");
    const [desk] = await stage.mySessions(1, "customer-desk");
    const [setup] = copies;
    await setup?.query(
      "CREATE TABLE meters (meter_no varchar(18) PRIMARY KEY, region varchar(12) NOT NULL, note varchar(40) NOT NULL)",
    );
    await setup?.query(
      `INSERT INTO meters SELECT CONCAT('1EMH', LPAD(n, 10, '0')), CONCAT('region-', n % 9), '' FROM ${numbersTo(3_000)}`,
    );
    await setup?.query(
      "CREATE TABLE meter_readings (meter_no varchar(18) NOT NULL, read_at datetime NOT NULL, tariff tinyint NOT NULL, kwh decimal(9,3) NOT NULL, PRIMARY KEY (meter_no, read_at))",
    );
    await setup?.query(
      `INSERT INTO meter_readings SELECT meter_no, '2026-01-01' + INTERVAL n HOUR, n % 2, n / 7 FROM meters, ${numbersTo(140)}`,
    );
    await setup?.query("ANALYZE TABLE meters, meter_readings");
    // Harmless: a note that is being written.
    await desk?.query("START TRANSACTION");
    await desk?.query("UPDATE meters SET note = 'moved out' WHERE meter_no = '1EMH0000000012'");
    await ordinaryWork(stage, 3);
    const watcher = await createConnection({ uri: stage.server.adminUrl });
    stage.cleanUp(async () => watcher.destroy());
    const culprits: number[] = [];
    let running = true;
    stage.cleanUp(async () => {
      running = false;
    });
    for (const copy of copies) {
      culprits.push(copy.threadId);
      stage.leave(
        (async () => {
          while (running) await copy.query(job);
        })(),
      );
      await pause(1_500);
    }
    await waitUntil(
      async () => {
        const [[row]] = await watcher.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS copies FROM information_schema.processlist WHERE info LIKE 'SELECT m.region%' AND time >= 6",
        );
        return Number(row?.["copies"]) >= 5;
      },
      { what: "copies that have run for a while", timeoutMs: 60_000 },
    );
    return { culprits };
  },
  metrics: () => [busyCpu(97)],
});
