import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nobody made this month's partition of meter_readings: the last one ended at midnight and every INSERT fails",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE meter_readings (meter_id int NOT NULL, read_at timestamptz NOT NULL, kwh numeric(10,2) NOT NULL, PRIMARY KEY (meter_id, read_at)) PARTITION BY RANGE (read_at)",
    );
    // Months as the team's script names them; the newest ended with yesterday.
    await setup.query(`DO $$ DECLARE upper date := current_date; lower date; BEGIN
      FOR m IN 1..4 LOOP
        lower := upper - 30;
        EXECUTE format('CREATE TABLE meter_readings_%s PARTITION OF meter_readings FOR VALUES FROM (%L) TO (%L)', to_char(lower, 'YYYY_MM_DD'), lower, upper);
        upper := lower;
      END LOOP; END $$`);
    await setup.query(`INSERT INTO meter_readings SELECT n % 400, current_date - interval '1 minute' * (n + 1), n % 77 FROM generate_series(1, 40000) n;
      CREATE TABLE tariffs (id int NOT NULL, valid_from date NOT NULL, cents int NOT NULL) PARTITION BY RANGE (valid_from);
      CREATE TABLE tariffs_old PARTITION OF tariffs FOR VALUES FROM ('2020-01-01') TO ('2024-01-01');
      CREATE TABLE tariffs_rest PARTITION OF tariffs DEFAULT;
      INSERT INTO tariffs SELECT n, date '2023-01-01' + n, n % 40 FROM generate_series(1, 900) n`);
    await settled(setup, "meter_readings, tariffs");
    const gateways = await stage.pgSessions(4, "meter-gateway");
    await keepRunning(stage, gateways, 60, async (gateway, turn) => {
      await gateway.query(
        "SELECT read_at, kwh FROM meter_readings WHERE meter_id = $1 AND read_at > now() - interval '3 days' ORDER BY read_at DESC LIMIT 1",
        [turn % 400],
      );
      await gateway
        .query("INSERT INTO meter_readings (meter_id, read_at, kwh) VALUES ($1, clock_timestamp(), $2)", [
          turn % 400,
          turn % 77,
        ])
        .catch(() => undefined);
      await pause(40);
    });
    await pause(2000);
    return { culprits: [] };
  },
});
