import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A stored procedure of another schema looks up by a column whose index a migration dropped; a report runs beside",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(90)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query("CREATE DATABASE warehouse");
    await admin.query("GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON warehouse.* TO shop@'%'");
    await admin.query(`CREATE TABLE warehouse.parcels (id int PRIMARY KEY, tracking_code varchar(40) NOT NULL,
      state int NOT NULL, weight int NOT NULL, KEY ix_tracking (tracking_code))`);
    await admin.query(`INSERT INTO warehouse.parcels SELECT n, CONCAT('TRK', LPAD(n * 7, 12, '0')), n % 6, n % 900
      FROM ${numbersTo(stage.number(80_000, 100_000))}`);
    await admin.query(
      `CREATE TABLE warehouse.scans (id int PRIMARY KEY, gate int NOT NULL, at_hour int NOT NULL)`,
    );
    await admin.query(`INSERT INTO warehouse.scans SELECT n, n % 12, n % 24 FROM ${numbersTo(9000)}`);
    await admin.query(`CREATE PROCEDURE warehouse.find_parcel(IN p_code varchar(40))
      SELECT id, state, weight FROM warehouse.parcels WHERE tracking_code = p_code`);
    await admin.query("ANALYZE TABLE warehouse.parcels, warehouse.scans");
    await ordinaryWork(stage, 3);
    await admin.query("ALTER TABLE warehouse.parcels DROP INDEX ix_tracking");
    const [report] = await stage.mySessions(1, "metabase");
    if (report !== undefined)
      await keepRunning(stage, [report], 1, async (client) => {
        await client.query("SELECT gate, at_hour, COUNT(*) FROM warehouse.scans GROUP BY gate, at_hour");
        await pause(900);
      });
    const clients = await stage.mySessions(stage.number(5, 7), "handheld");
    await keepRunning(stage, clients, 140, (client, turn) =>
      client.query("CALL warehouse.find_parcel(?)", [
        `TRK${String((1 + ((turn * 211) % 70_000)) * 7).padStart(12, "0")}`,
      ]),
    );
    return { culprits: [] };
  },
});
