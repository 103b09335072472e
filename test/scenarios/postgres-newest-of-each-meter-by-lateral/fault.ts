import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A wallboard asks for the newest reading of each meter, one look into the index each, while readings stream in: busy and well",
  tiers: ["immediate", "performance"],
  majors: [18],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const meters = stage.number(280, 320);
    await setup.query("CREATE TABLE meters (meter_code varchar(10) PRIMARY KEY, grid_area char(4) NOT NULL)");
    await setup.query(
      `INSERT INTO meters SELECT 'M' || n, 'G' || lpad((n % 12)::text, 3, '0') FROM generate_series(1, ${meters}) n`,
    );
    await setup.query(
      "CREATE TABLE readings (meter_code varchar(10) NOT NULL, read_at timestamptz NOT NULL, kwh numeric(10, 3) NOT NULL, PRIMARY KEY (meter_code, read_at)) PARTITION BY RANGE (read_at)",
    );
    for (const day of [3, 2, 1, 0]) {
      await setup.query(
        `DO $$ BEGIN EXECUTE format('CREATE TABLE readings_d${day} PARTITION OF readings FOR VALUES FROM (%L) TO (%L)', current_date - ${day}, current_date - ${day} + 1); END $$`,
      );
    }
    await setup.query(
      `INSERT INTO readings SELECT 'M' || m, t, 1.5 FROM generate_series(1, ${meters}) m, generate_series(current_date - interval '3 days', now(), interval '15 minutes') t`,
    );
    await setup.query("VACUUM ANALYZE readings");
    await setup.query("VACUUM ANALYZE meters");
    await ordinaryWork(stage);
    const ingest = await stage.pgSessions(2, "mqtt-ingest");
    await keepRunning(stage, ingest, 20, async (client, turn) => {
      await client.query(
        `INSERT INTO readings SELECT 'M' || (1 + (n * 7 + ${turn}) % ${meters}), clock_timestamp(), random() FROM generate_series(1, 60) n ON CONFLICT DO NOTHING`,
      );
      await pause(60);
    });
    const boards = await stage.pgSessions(3, "wallboard");
    await keepRunning(stage, boards, 200, async (client, turn) => {
      await client.query(
        `SELECT m.meter_code, r.read_at, r.kwh FROM meters m CROSS JOIN LATERAL (
          SELECT read_at, kwh FROM readings WHERE readings.meter_code = m.meter_code AND read_at >= now() - interval '2 days' ORDER BY read_at DESC LIMIT 1
        ) r WHERE m.grid_area = $1`,
        [`G${String(turn % 12).padStart(3, "0")}`],
      );
      await pause(15);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(61)],
});
