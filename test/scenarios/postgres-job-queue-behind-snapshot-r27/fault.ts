import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A dashboard's repeatable-read transaction left open keeps every finished job of the queue from being vacuumed",
  server: { settings: { autovacuum_naptime: "1s" } },
  majors: [18, 16, 14],
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const producer = await onePg(stage, "api-producer");
    await producer.query(
      "CREATE TABLE jobs (id bigserial PRIMARY KEY, kind varchar(20) NOT NULL, payload text NOT NULL)",
    );
    await producer.query(
      "ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)",
    );
    await producer.query("CREATE TABLE clients (id int PRIMARY KEY, name text NOT NULL)");
    await producer.query("INSERT INTO clients SELECT n, 'client ' || n FROM generate_series(1, 500) AS n");
    const enqueue =
      "INSERT INTO jobs (kind, payload) SELECT 'mail', repeat('x', 60) FROM generate_series(1, 200)";
    await producer.query(enqueue);
    const dashboard = await onePg(stage, "metabase");
    const culprit = await pidOf(dashboard);
    await dashboard.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await dashboard.query("SELECT count(*) FROM clients");
    const workers = await stage.pgSessions(3, "job-worker");
    await keepRunning(stage, [producer, ...workers], 600, async (session) => {
      await pause(session === producer ? 20 : 5);
      await session.query(
        session === producer
          ? enqueue
          : "DELETE FROM jobs WHERE id = ANY (ARRAY(SELECT id FROM jobs ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED))",
      );
    });
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => {
        const { rows } = await watcher.query(
          `SELECT n_dead_tup, autovacuum_count,
             (SELECT now() - xact_start > interval '7 seconds' FROM pg_stat_activity WHERE pid = ${culprit}) AS old
           FROM pg_stat_user_tables WHERE relname = 'jobs'`,
        );
        return rows[0].old && Number(rows[0].n_dead_tup) > 20_000 && Number(rows[0].autovacuum_count) > 1;
      },
      { what: "dead jobs stay although autovacuum comes", timeoutMs: 60_000, everyMs: 500 },
    );
    return { culprits: [culprit] };
  },
});
