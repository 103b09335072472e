import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Nobody made the partition of the new month: since midnight every reading of a meter is refused",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const gateways = await stage.mySessions(stage.number(4, 6), "gateway-ingest");
    const [portal] = await stage.mySessions(1, "customer-portal");
    const [setup] = gateways;
    await setup?.query(
      "CREATE TABLE meter_readings (meter_no char(14) NOT NULL, register_code varchar(8) NOT NULL, read_on date NOT NULL, quarter tinyint unsigned NOT NULL, wh bigint NOT NULL, PRIMARY KEY (meter_no, register_code, read_on, quarter)) PARTITION BY RANGE COLUMNS (read_on) (PARTITION p2026_09 VALUES LESS THAN ('2026-10-01'), PARTITION p2026_10 VALUES LESS THAN ('2026-11-01'), PARTITION p2026_11 VALUES LESS THAN ('2026-12-01'))",
    );
    await setup?.query(
      `INSERT INTO meter_readings SELECT CONCAT('DE', LPAD(n % 700, 12, '0')), '1.8.0', '2026-09-02' + INTERVAL n % 85 DAY, n % 96, n * 13 FROM ${numbersTo(30_000)}`,
    );
    await ordinaryWork(stage, 3);
    let running = true;
    stage.cleanUp(async () => {
      running = false;
    });
    stage.leave(
      (async () => {
        for (let turn = 0; running; turn += 1) {
          await portal?.query(
            "SELECT read_on, SUM(wh) FROM meter_readings WHERE meter_no = ? AND register_code = '1.8.0' GROUP BY read_on",
            [`DE${String(turn % 700).padStart(12, "0")}`],
          );
          await pause(80);
        }
      })(),
    );
    await keepRunning(stage, gateways, 300, async (gateway, turn) => {
      const meter = `DE${String((turn * 17) % 700).padStart(12, "0")}`;
      const values = Array.from(
        { length: 8 },
        (_, at) => `('${meter}', '1.8.0', '2026-12-01', ${at}, ${turn})`,
      );
      await gateway
        .query(`INSERT INTO meter_readings VALUES ${values.join(", ")}`)
        .catch((error: unknown) => {
          // Kept in its own queue and sent again, as a gateway does.
          if (!String(error).includes("no partition")) throw error;
        });
      await pause(30);
    });
    return { culprits: [] };
  },
});
