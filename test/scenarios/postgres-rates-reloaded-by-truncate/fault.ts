import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A refresh empties the table of rates and fills it again in one transaction, while every quote reads it",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    const [owner, loader] = await stage.pgSessions(2, "dagster-silver");
    if (owner === undefined || loader === undefined) throw new Error("no session");
    const quotes = stage.number(70_000, 90_000);
    await owner.query(`CREATE TABLE raw_quotes (pair char(6) NOT NULL, quoted_at timestamptz NOT NULL, price numeric(14,6) NOT NULL,
        PRIMARY KEY (pair, quoted_at));
      INSERT INTO raw_quotes SELECT 'EURUS' || n % 4, now() - n * interval '1 minute', 1 + (n % 700) / 9000.0
        FROM generate_series(1, ${quotes}) n;
      CREATE TABLE silver_rates (pair char(6) NOT NULL, quoted_at timestamptz NOT NULL, weekly_median numeric(14,6) NOT NULL,
        PRIMARY KEY (pair, quoted_at));
      INSERT INTO silver_rates SELECT pair, quoted_at, price FROM raw_quotes WHERE quoted_at > now() - interval '9 days'`);
    await owner.query("ANALYZE raw_quotes, silver_rates");
    await ordinaryWork(stage, 3);
    // A herring: somebody's editor holds a transaction open that nobody waits for.
    const [editor] = await stage.pgSessions(1, "DataGrip 2025.1");
    await editor?.query("BEGIN");
    await editor?.query("SELECT count(*) FROM raw_quotes WHERE pair = 'EURUS1'");
    const { rows } = await loader.query("SELECT pg_backend_pid() AS pid");
    await loader.query("BEGIN");
    await loader.query("TRUNCATE silver_rates");
    stage.leave(
      loader.query(`INSERT INTO silver_rates (pair, quoted_at, weekly_median)
        SELECT q.pair, q.quoted_at, percentile_cont(0.5) WITHIN GROUP (ORDER BY w.price)
        FROM raw_quotes q JOIN raw_quotes w ON w.pair = q.pair AND w.quoted_at BETWEEN q.quoted_at - interval '7 days' AND q.quoted_at
        GROUP BY q.pair, q.quoted_at`),
    );
    const readers = await stage.pgSessions(9, "quote-api");
    for (const [index, reader] of readers.entries()) {
      const sql = "SELECT weekly_median FROM silver_rates WHERE pair = $1 ORDER BY quoted_at DESC LIMIT 1";
      stage.leave(reader.query(sql, [`EURUS${index % 4}`]));
    }
    await pause(16_000);
    return { culprits: [rows[0].pid] };
  },
});
