import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The nightly job drops the oldest partition while an analyst's report reads the newest; meters cannot write",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 60 },
  make: async (stage) => {
    const analyst = await oneMy(stage, stage.application());
    const job = await oneMy(stage, stage.application());
    const [meters, screens] = [
      await stage.mySessions(stage.number(5, 7), stage.application()),
      await stage.mySessions(stage.number(2, 3), stage.application()),
    ];
    const rows = stage.number(44_000, 52_000);
    await job.query(
      `CREATE TABLE meter_readings (meter_no varchar(16) NOT NULL, read_on date NOT NULL, kwh decimal(10,3) NOT NULL, PRIMARY KEY (meter_no, read_on))
       PARTITION BY RANGE COLUMNS (read_on) (PARTITION p2026_08 VALUES LESS THAN ('2026-09-01'), PARTITION p2026_09 VALUES LESS THAN ('2026-10-01'), PARTITION p2026_10 VALUES LESS THAN ('2026-11-01'), PARTITION p2026_11 VALUES LESS THAN ('2026-12-01'))`,
    );
    await job.query(
      `INSERT INTO meter_readings SELECT CONCAT('EX', LPAD(n, 8, '0')), '2026-11-01' + INTERVAL n % 28 DAY, n % 977 / 7 FROM ${numbersTo(rows)}`,
    );
    await ordinaryWork(stage, 3);
    // Every reading against every other of the month: minutes.
    stage.leave(
      analyst.query(
        "SELECT one.read_on, SUM(one.kwh > other.kwh) FROM meter_readings one JOIN meter_readings other ON other.kwh <> one.kwh + 1 WHERE one.read_on >= '2026-11-01' AND other.read_on >= '2026-11-01' GROUP BY one.read_on",
      ),
    );
    await job.query("SELECT SLEEP(2)");
    stage.leave(job.query("ALTER TABLE meter_readings DROP PARTITION p2026_08"));
    await screens[0]?.query("SELECT SLEEP(1)");
    meters.forEach((client, index) => {
      stage.leave(
        client.query("INSERT INTO meter_readings VALUES (?, '2026-11-29', 3.125)", [`NEW${index}`]),
      );
    });
    for (const client of screens) {
      stage.leave(client.query("SELECT kwh FROM meter_readings WHERE meter_no = 'EX00000042'"));
    }
    await myWaiting(stage, 1 + meters.length + screens.length, 11);
    return { culprits: [idOf(job), idOf(analyst)] };
  },
});
