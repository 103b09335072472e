import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { pause } from "../support/ordinary-work.ts";

const digest =
  "COUNT(*) AS cnt, COALESCE(LOWER(CONV(BIT_XOR(CAST(CRC32(CONCAT_WS('#', `site_code`, `meter_no`, `read_on`, `kwh`, CONVERT(`remark` USING utf8mb4))) AS UNSIGNED)), 10, 16)), 0) AS crc";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The weekly comparison of primary and replica reads every row once, in chunks along the primary key; nobody is held up",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const checker = await oneMy(stage, "table-checksum");
    const readings = stage.number(80_000, 95_000);
    await checker.query(
      "CREATE TABLE meter_readings (site_code char(6) NOT NULL, meter_no int unsigned NOT NULL, read_on date NOT NULL, kwh decimal(10,3) NOT NULL, remark varchar(120) NOT NULL, PRIMARY KEY (site_code, meter_no, read_on))",
    );
    await checker.query(
      `INSERT INTO meter_readings SELECT CONCAT('S', LPAD(n % 97, 5, '0')), n DIV 97, '2026-01-01' + INTERVAL n % 300 DAY, n / 13, REPEAT('k', 90) FROM ${numbersTo(readings)}`,
    );
    await checker.query(
      "CREATE TABLE checksums (db char(64) NOT NULL, tbl char(64) NOT NULL, chunk int NOT NULL, lower_boundary text, upper_boundary text, this_crc char(40) NOT NULL, this_cnt int NOT NULL, ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (db, tbl, chunk))",
    );
    await checker.query("ANALYZE TABLE meter_readings");
    const meters = await stage.mySessions(stage.number(6, 9), "meter-gateway");
    await keepRunning(stage, meters, 60, async (session, turn) => {
      const n = 1 + ((turn * 131) % 80_000);
      const key = [`S${String(n % 97).padStart(5, "0")}`, Math.floor(n / 97)];
      await session.query("SELECT * FROM meter_readings WHERE site_code = ? AND meter_no = ?", key);
      if (turn % 4 === 0)
        await session.query(
          "UPDATE meter_readings SET kwh = kwh + 0.1 WHERE site_code = ? AND meter_no = ?",
          key,
        );
      await pause(20);
    });
    await checker.query("SET SESSION innodb_lock_wait_timeout = 1");
    await checker.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await keepRunning(stage, [checker], 70, async (session, turn) => {
      const from = (turn * 12) % 85;
      const [lower, upper] = [from, from + 12].map((n) => `S${String(n).padStart(5, "0")}`);
      await session
        .query(
          `REPLACE INTO checksums (db, tbl, chunk, lower_boundary, upper_boundary, this_cnt, this_crc) SELECT 'app', 'meter_readings', ?, ?, ?, ${digest} FROM \`app\`.\`meter_readings\` FORCE INDEX(PRIMARY) WHERE \`site_code\` >= ? AND \`site_code\` < ? /*checksum chunk*/`,
          [from, lower, upper, lower, upper],
        )
        .catch(() => undefined);
      await pause(5);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(58)],
});
