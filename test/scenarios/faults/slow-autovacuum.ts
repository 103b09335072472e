import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** The only worker crawls through a large table; a second table is rewritten and scanned, or is not. */
export const slowAutovacuum = (title: string, others: "wait" | "are clean") =>
  defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    server: {
      settings: {
        autovacuum_naptime: "1s",
        autovacuum_max_workers: "1",
        autovacuum_vacuum_cost_delay: "20ms",
        autovacuum_vacuum_cost_limit: "20",
      },
    },
    make: async (stage) => {
      const [large, other] = [stage.table(), stage.table()];
      const clients = await stage.pgSessions(3, stage.application());
      const [setup] = clients;
      const rows = stage.number(50_000, 70_000);
      await setup?.query(`CREATE TABLE ${large} (id int PRIMARY KEY, note text)`);
      await setup?.query(
        `INSERT INTO ${large} SELECT n, repeat('x', 200) FROM generate_series(1, ${rows}) n`,
      );
      await setup?.query(`CREATE TABLE ${other} (id int PRIMARY KEY, n int, note text)`);
      await setup?.query(`DELETE FROM ${large} WHERE id % 2 = 0`);
      // An application is not shown what other backends are.
      const monitor = await openSession(stage.postgres());
      stage.cleanUp(() => monitor.end());
      const atWork = `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE backend_type = 'autovacuum worker' AND query LIKE '%${large}%'`;
      await waitUntil(async () => Number((await monitor.query(atWork)).rows[0].n) > 0, {
        what: "autovacuum begins",
        timeoutMs: 30_000,
      });
      await setup?.query(`INSERT INTO ${other} SELECT n, n, repeat('z', 50) FROM generate_series(1, 9000) n`);
      const turns = others === "wait" ? 4 : 0;
      for (let turn = 0; turn < turns; turn += 1) await setup?.query(`UPDATE ${other} SET n = n + 1`);
      await keepRunning(stage, clients, 20, async (client) => {
        await client.query(`SELECT sum(length(note)) FROM ${other}`);
        await client.query("SELECT pg_sleep(0.1)");
      });
      return { culprits: [] };
    },
  });
