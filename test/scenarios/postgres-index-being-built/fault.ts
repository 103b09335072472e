import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: an index that is invalid because CREATE INDEX CONCURRENTLY is still at work",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [reader, builder] = await stage.pgSessions(2, stage.application());
    if (reader === undefined || builder === undefined) throw new Error("no session");
    await builder.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int)`);
    await builder.query(`INSERT INTO ${table} SELECT n, n % 100 FROM generate_series(1, 20000) n`);
    await builder.query(`ANALYZE ${table}`);
    // The build has to wait for every older snapshot, so a reader keeps it at work for as long as it is looked at.
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await reader.query(`SELECT count(*) FROM ${table}`);
    stage.cleanUp(() => builder.end());
    stage.leave(builder.query(`CREATE INDEX CONCURRENTLY ${table}_customer ON ${table} (customer)`));
    const monitor = await openSession(stage.postgres());
    stage.cleanUp(() => monitor.end());
    const building = "SELECT count(*)::int AS n FROM pg_stat_progress_create_index WHERE index_relid <> 0";
    await waitUntil(async () => Number((await monitor.query(building)).rows[0].n) === 1, {
      what: "the build to begin",
    });
    return { culprits: [] };
  },
});
