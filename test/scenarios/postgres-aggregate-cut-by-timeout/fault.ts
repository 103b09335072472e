import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** Whatever never ends is counted nowhere: neither pg_stat_statements nor a plan's actual rows know of it. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "Charts compare every visit with every other of its store, are cut off by their time-out, and are asked again",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(96)],
  make: async (stage) => {
    const charts = await stage.pgSessions(6, "insights");
    const [setup] = await stage.pgSessions(1, "pos-import");
    if (setup === undefined) throw new Error("no session");
    const visits = stage.number(150_000, 190_000);
    await setup.query(`CREATE TABLE store_visits (store_code text, visited_at timestamptz, till smallint, cents int NOT NULL, PRIMARY KEY (store_code, visited_at, till));
      INSERT INTO store_visits SELECT 'ST-' || n % 60, now() - n * interval '7 seconds', n % 9, n % 9000 FROM generate_series(1, ${visits}) n`);
    await setup.query("VACUUM ANALYZE store_visits");
    await ordinaryWork(stage, 3);
    await Promise.all(charts.map((chart) => chart.query("SET statement_timeout = '4s'")));
    await keepRunning(stage, charts, 3, async (chart) => {
      await chart
        .query(
          `SELECT a.store_code, percentile_cont(0.9) WITHIN GROUP (ORDER BY abs(a.cents - b.cents)) AS spread
           FROM store_visits a JOIN store_visits b ON b.store_code = a.store_code AND b.till <> a.till GROUP BY a.store_code`,
        )
        .catch(() => undefined);
      await pause(20);
    });
    return { culprits: [] };
  },
});
