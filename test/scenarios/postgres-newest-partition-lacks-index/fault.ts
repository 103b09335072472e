import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const months = ["2026_08", "2026_09", "2026_10", "2026_11", "2026_12"] as const;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Each month's partition has an index on the meter made by hand, but for the newest, where the readers are",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(94)],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "partition-job");
    if (owner === undefined) throw new Error("no session");
    const rows = stage.number(330_000, 400_000);
    await owner.query(`CREATE TABLE meter_values (entry bigint NOT NULL, meter_no varchar(20) NOT NULL,
      read_at timestamp NOT NULL, kwh numeric(10,3) NOT NULL, quality "char" NOT NULL) PARTITION BY RANGE (read_at)`);
    for (const [index, month] of months.slice(0, -1).entries()) {
      const from = `${month.replace("_", "-")}-01`;
      const to = `${months[index + 1]?.replace("_", "-")}-01`;
      const part = `meter_values_${month}`;
      await owner.query(`CREATE TABLE ${part} PARTITION OF meter_values FOR VALUES FROM ('${from}') TO ('${to}');
        ALTER TABLE ${part} ADD PRIMARY KEY (entry);
        INSERT INTO ${part} SELECT n, 'DE000' || n % 9000, timestamp '${from}' + (n % 40000) * interval '1 minute', n % 31, 'W'
          FROM generate_series(1, ${index === 3 ? rows : 60_000}) n`);
      if (index < 3) await owner.query(`CREATE INDEX ${part}_meter ON ${part} (meter_no, read_at)`);
    }
    await owner.query("VACUUM ANALYZE meter_values");
    await ordinaryWork(stage, 3);
    const [recorder, ...portals] = await stage.pgSessions(6, "customer-portal");
    if (recorder === undefined) throw new Error("no session");
    await keepRunning(stage, [recorder], 5, async (session, turn) => {
      await session.query(
        "INSERT INTO meter_values VALUES ($1, $2, timestamp '2026-11-28' + make_interval(secs => $3), 1.5, 'W')",
        [9_000_000 + turn, `DE000${turn % 9000}`, turn],
      );
      await pause(80);
    });
    await keepRunning(stage, portals, 120, async (portal, turn) => {
      // One in six looks at an earlier month.
      const from = turn % 6 === 0 ? "2026-09-05" : "2026-11-03";
      await portal.query(
        "SELECT read_at, kwh FROM meter_values WHERE meter_no = $1 AND read_at >= $2::timestamp AND read_at < $2::timestamp + interval '20 days' ORDER BY read_at",
        [`DE000${(turn * 37) % 9000}`, from],
      );
    });
    return { culprits: [] };
  },
});
