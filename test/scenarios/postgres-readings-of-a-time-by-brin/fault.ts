import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title: "Readings that are only appended are read by time through a block range index, and well",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(46)],
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    const rows = stage.number(260_000, 320_000);
    await admin.query(`CREATE TABLE meter_readings (at timestamptz NOT NULL, meter int NOT NULL, value real NOT NULL);
      INSERT INTO meter_readings SELECT now() - interval '3 days' + n * interval '0.8 seconds', n % 400, n % 97 FROM generate_series(1, ${rows}) n;
      CREATE INDEX meter_readings_at ON meter_readings USING brin (at) WITH (pages_per_range = 16)`);
    await admin.query("VACUUM ANALYZE meter_readings");
    await admin.query("GRANT ALL ON meter_readings TO shop");
    await ordinaryWork(stage, 3);
    const [sensor, ...boards] = await stage.pgSessions(4, "grid-board");
    if (sensor === undefined) throw new Error("no session");
    await keepRunning(stage, [sensor], 5, async (session) => {
      await session.query("INSERT INTO meter_readings SELECT now(), n, n % 97 FROM generate_series(1, 40) n");
      await pause(120);
    });
    await keepRunning(stage, boards, 150, async (board, turn) => {
      await board.query(
        "SELECT count(*), avg(value) FROM meter_readings WHERE at >= now() - ($1::int + 20) * interval '1 minute' AND at < now() - $1::int * interval '1 minute'",
        [200 + (turn % 60) * 20],
      );
      await pause(35);
    });
    return { culprits: [] };
  },
});
