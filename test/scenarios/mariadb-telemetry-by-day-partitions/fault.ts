import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"];

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Turbines send their measurements into the partition of the day, wallboards read the last hour of each, and all of it goes by its key",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const gateways = await stage.mySessions(stage.number(3, 5), "ingest-gateway");
    const boards = await stage.mySessions(3, "control-room");
    const [engineer] = await stage.mySessions(1, "maintenance-desk");
    const [setup] = gateways;
    const partitions = days.map(
      (day, index) =>
        `PARTITION p${day.replaceAll("-", "")} VALUES LESS THAN (TO_DAYS('${day}') + ${index < days.length - 1 ? 1 : 30})`,
    );
    await setup?.query(
      `CREATE TABLE turbine_samples (turbine varchar(12) NOT NULL, measured_at datetime(3) NOT NULL, channel smallint NOT NULL, reading double NOT NULL, PRIMARY KEY (turbine, channel, measured_at)) PARTITION BY RANGE (TO_DAYS(measured_at)) (${partitions.join(", ")})`,
    );
    for (const day of days) {
      await setup?.query(
        `INSERT INTO turbine_samples SELECT CONCAT('WT-', n % 40), '${day}' + INTERVAL n SECOND, n % 6, n / 3 FROM ${numbersTo(20_000)}`,
      );
    }
    await setup?.query("ANALYZE TABLE turbine_samples");
    await engineer?.query(
      "CREATE TABLE work_orders (order_no char(8) PRIMARY KEY, state varchar(10) NOT NULL)",
    );
    await engineer?.query("INSERT INTO work_orders VALUES ('W0000001', 'open'), ('W0000002', 'open')");
    // Harmless: a work order that is being filled in.
    await engineer?.query("START TRANSACTION");
    await engineer?.query("UPDATE work_orders SET state = 'busy' WHERE order_no = 'W0000002'");
    await ordinaryWork(stage, 3);
    const run = stage.number(1, 9);
    stage.leave(
      keepRunning(stage, gateways, 1, async (gateway, turn) => {
        const rows = Array.from(
          { length: 40 },
          (_, index) =>
            `('WT-${turn % 40}', '2026-03-06 0${run}:00:00' + INTERVAL ${turn} SECOND + INTERVAL ${index * 1000} MICROSECOND, ${index % 6}, ${index})`,
        );
        await gateway.query(`INSERT INTO turbine_samples VALUES ${rows.join(", ")}`);
        await pause(35);
      }),
    );
    await keepRunning(stage, boards, 400, async (board, turn) => {
      await board.query(
        "SELECT measured_at, reading FROM turbine_samples WHERE turbine = ? AND channel = ? AND measured_at >= ? AND measured_at < ? ORDER BY measured_at DESC LIMIT 60",
        [`WT-${turn % 40}`, turn % 6, "2026-03-04 03:00:00", "2026-03-04 04:00:00"],
      );
      await pause(12);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(61)],
});
