import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Autovacuum cleans a large table slowly, as it should",
  server: {
    settings: {
      autovacuum_naptime: "1s",
      autovacuum_vacuum_cost_delay: "100ms",
      autovacuum_vacuum_cost_limit: "1",
    },
  },
  thresholds: { longRunningSeconds: 1, killCandidateSeconds: 1, slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const session = await onePg(stage, stage.application());
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text)`);
    await session.query(
      `INSERT INTO ${table} SELECT n, repeat('x', 200) FROM generate_series(1, ${stage.number(20_000, 40_000)}) n`,
    );
    await session.query(`DELETE FROM ${table} WHERE id % 2 = 0`);
    // An application is not shown what other backends are.
    const monitor = await openSession(stage.postgres());
    stage.cleanUp(() => monitor.end());
    const running =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'";
    await waitUntil(async () => Number((await monitor.query(running)).rows[0].n) > 0, {
      what: "autovacuum begins",
    });
    await monitor.query("SELECT pg_sleep(1.5)");
    return { culprits: [] };
  },
});
