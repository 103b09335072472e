import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Who asks for one shipment has the history of all of them grouped first: a derived table that is joined from outside",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const trackers = await stage.mySessions(stage.number(3, 5), "tracking-api");
    const [scanner] = await stage.mySessions(1, "hub-scanner");
    const shipments = stage.number(6_000, 8_000);
    const [setup] = trackers;
    await setup?.query(
      "CREATE TABLE shipments (shipment_no char(14) PRIMARY KEY, consignee varchar(60) NOT NULL, booked_on date NOT NULL)",
    );
    await setup?.query(
      `INSERT INTO shipments SELECT CONCAT('JD', LPAD(n, 12, '0')), CONCAT('Consignee ', n), '2026-01-01' + INTERVAL n % 300 DAY FROM ${numbersTo(shipments)}`,
    );
    await setup?.query(
      "CREATE TABLE shipment_events (shipment_no char(14) NOT NULL, seq smallint unsigned NOT NULL, code char(3) NOT NULL, hub char(5) NOT NULL, happened_at datetime(3) NOT NULL, PRIMARY KEY (shipment_no, seq))",
    );
    await setup?.query(
      `INSERT INTO shipment_events SELECT shipment_no, n, 'ARR', 'FRA01', booked_on + INTERVAL n HOUR FROM shipments, ${numbersTo(14)}`,
    );
    await setup?.query("ANALYZE TABLE shipments, shipment_events");
    // Harmless: a parcel on the belt.
    await scanner?.query("START TRANSACTION");
    await scanner?.query("UPDATE shipments SET consignee = 'moved' WHERE shipment_no = 'JD000000000003'");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, trackers, 80, (tracker, turn) =>
      tracker.query(
        "SELECT s.shipment_no, s.consignee, h.last_seq, h.last_at, h.scans FROM shipments s LEFT JOIN (SELECT shipment_no, MAX(seq) AS last_seq, MAX(happened_at) AS last_at, COUNT(*) AS scans FROM shipment_events GROUP BY shipment_no) h ON h.shipment_no = s.shipment_no WHERE s.shipment_no = ?",
        [`JD${String(1 + ((turn * 7919) % shipments)).padStart(12, "0")}`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
