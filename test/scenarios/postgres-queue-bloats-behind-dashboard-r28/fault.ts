import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A dashboard tool left a snapshot open: vacuum cannot clear the job queue and polling it gets slow",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  server: { settings: { autovacuum_naptime: "1s" } },
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = `${stage.table()}_jobs`;
    const workers = await stage.pgSessions(3, stage.application());
    const enqueuer = await onePg(stage, stage.application());
    const dashboard = await onePg(stage, "metabase");
    await enqueuer.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, state text NOT NULL, run_at timestamptz NOT NULL, args text)`,
    );
    await enqueuer.query(`CREATE INDEX ON ${table} (state, run_at)`);
    await enqueuer.query(
      `INSERT INTO ${table} (state, run_at, args) SELECT 'done', now() - g * interval '1 s', 'mail ' || g FROM generate_series(1, 500) g`,
    );
    const culprit = await pidOf(dashboard);
    await dashboard.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await dashboard.query(`SELECT state, count(*) FROM ${table} GROUP BY state`);
    for (let round = 0; round < 8; round += 1) {
      await enqueuer.query(
        `INSERT INTO ${table} (state, run_at, args) SELECT 'ready', now(), repeat('x', 60) || g FROM generate_series(1, 25000) g`,
      );
      await enqueuer.query(`DELETE FROM ${table} WHERE state = 'ready'`);
    }
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => {
        const seen = await watcher.query(
          `SELECT autovacuum_count AS runs, n_dead_tup AS dead FROM pg_stat_user_tables WHERE relname = '${table}'`,
        );
        return Number(seen.rows[0].runs) >= 2 && Number(seen.rows[0].dead) > 120_000;
      },
      { what: "autovacuum has run in vain", timeoutMs: 45_000, everyMs: 200 },
    );
    await watcher.query("SELECT pg_sleep(8)");
    await watcher.end();
    await keepRunning(stage, workers, 60, async (session, turn) => {
      await session.query("BEGIN");
      await session.query(
        `SELECT id, args FROM ${table} WHERE state = 'ready' ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      await session.query("COMMIT");
      if (turn % 4 === 0) {
        await session.query(`INSERT INTO ${table} (state, run_at, args) VALUES ('done', now(), 'mail')`);
      }
      await pause(5);
    });
    return { culprits: [culprit] };
  },
});
