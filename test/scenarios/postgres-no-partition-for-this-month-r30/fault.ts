import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The job that makes next month's partition stopped running; the month has begun, there is no partition for it, and every reading is refused",
  majors: [14, 16],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE meter_readings (meter int NOT NULL, read_at timestamptz NOT NULL, watts int NOT NULL, PRIMARY KEY (meter, read_at)) PARTITION BY RANGE (read_at);
      DO $$ DECLARE first date; BEGIN
        FOR n IN REVERSE 5..1 LOOP
          first := date_trunc('month', now()) - make_interval(months => n);
          EXECUTE format('CREATE TABLE meter_readings_%s PARTITION OF meter_readings FOR VALUES FROM (%L) TO (%L)', to_char(first, 'YYYYMM'), first, first + interval '1 month');
        END LOOP; END $$;
      INSERT INTO meter_readings SELECT n % 400, date_trunc('month', now()) - make_interval(mins => n), n % 3000 FROM generate_series(1, 30000) n`);
    await setup.query("VACUUM ANALYZE meter_readings");
    await setup.query(
      "CREATE TABLE meters AS SELECT n AS meter, n % 3 AS tariff FROM generate_series(0, 399) n",
    );
    await setup.query("ALTER TABLE meters ADD PRIMARY KEY (meter)");
    let failed = 0;
    const meters = await stage.pgSessions(3, "meter-ingest");
    await keepRunning(stage, meters, 60, async (meter, turn) => {
      await meter.query("SELECT tariff FROM meters WHERE meter = $1", [turn % 400]);
      await meter
        .query("INSERT INTO meter_readings (meter, read_at, watts) VALUES ($1, now(), $2)", [
          turn % 400,
          turn % 3000,
        ])
        .catch(() => {
          failed += 1;
        });
      await pause(40);
    });
    await waitUntil(() => failed > 200, { what: "readings are refused", timeoutMs: 30_000 });
    return { culprits: [] };
  },
});
