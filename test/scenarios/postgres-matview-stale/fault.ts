import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The job that refreshed the dashboard's views has stopped; none of them could be refreshed without blocking",
  tiers: ["immediate", "performance", "health"],
  thresholds: { matviewStaleSeconds: 0.5 },
  server: { settings: { track_commit_timestamp: "on" } },
  make: async (stage) => {
    const table = stage.table();
    const views = Array.from({ length: stage.number(1, 4) }, (_, index) => `${table}_by_${index}`);
    const session = await openSession(stage.postgres());
    stage.cleanUp(() => session.end());
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int)`);
    await session.query(`INSERT INTO ${table} SELECT n, n % 90 FROM generate_series(1, 3000) n`);
    for (const view of views) {
      await session.query(
        `CREATE MATERIALIZED VIEW ${view} AS SELECT customer, count(*) FROM ${table} GROUP BY customer`,
      );
    }
    await session.query(`ANALYZE ${table}`);
    const age = `SELECT extract(epoch FROM clock_timestamp() - pg_xact_commit_timestamp(xmin))::float8 AS n FROM pg_class WHERE relname = '${views.at(-1)}'`;
    await waitUntil(async () => Number((await session.query(age)).rows[0].n) > 0.8, { what: "time to pass" });
    return { culprits: [] };
  },
});
