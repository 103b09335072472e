import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A report on the read replica runs for ever; by hot_standby_feedback the writer's vacuum removes nothing from the queue",
  majors: [16],
  tiers: ["immediate", "performance", "health"],
  server: {
    replicas: 1,
    settings: {
      hot_standby_feedback: "on",
      wal_receiver_status_interval: "1s",
      autovacuum_naptime: "1s",
    },
  },
  make: async (stage) => {
    const table = stage.table();
    const server = stage.postgres();
    const port = server.replicas[0]?.port ?? 0;
    await ordinaryWork(stage);
    const workers = await stage.pgSessions(3, stage.application());
    const watcher = await onePg(stage, "watcher");
    await watcher.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state text NOT NULL, n int NOT NULL)`);
    await watcher.query(`INSERT INTO ${table} SELECT n, 'ready', 0 FROM generate_series(1, 20000) n`);
    const report = await waitUntil(
      () => openSession({ ...server, port }, { user: "shop", applicationName: "monthly-report" }),
      { what: "shop may sign in to the replica", everyMs: 200 },
    );
    stage.cleanUp(() => report.end());
    await report.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await report.query("SELECT count(*) FROM pg_class");
    stage.leave(report.query("SELECT count(*), pg_sleep(180) FROM pg_class"));
    const admin = await openSession(server);
    stage.cleanUp(() => admin.end());
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL")).rowCount ===
        1,
      { what: "the replica holds the horizon", timeoutMs: 20_000 },
    );
    for (let round = 0; round < 12; round += 1) {
      await watcher.query(`UPDATE ${table} SET n = n + 1, state = 'round ${round}'`);
    }
    await keepRunning(stage, workers, 100, (worker, turn) =>
      worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 7919) % 20_000)}`),
    );
    const sql = `SELECT 1 FROM pg_stat_user_tables
      WHERE relname = '${table}' AND n_dead_tup > 150000 AND autovacuum_count > 2`;
    await waitUntil(async () => (await admin.query(sql)).rowCount === 1, {
      what: "autovacuum has come in vain",
      timeoutMs: 40_000,
      everyMs: 300,
    });
    return { culprits: [] };
  },
});
