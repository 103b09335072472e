import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's tool keeps a snapshot open on the reader, hot_standby_feedback carries it to the writer, and the writer's job queue fills with dead rows that vacuum may not take",
  majors: [15, 17],
  tiers: ["immediate", "performance", "health"],
  server: {
    replicas: 1,
    settings: { hot_standby_feedback: "on", wal_receiver_status_interval: "1s", autovacuum_naptime: "2s" },
  },
  thresholds: { longRunningSeconds: 8, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE print_jobs (id int PRIMARY KEY, state varchar(10) NOT NULL, picked_at timestamptz NOT NULL, tries int NOT NULL, document varchar(120) NOT NULL)",
    );
    await setup.query(
      "INSERT INTO print_jobs SELECT n, 'waiting', now(), 0, repeat(md5(n::text), 3) FROM generate_series(1, 4000) n",
    );
    await setup.query("CREATE INDEX print_jobs_next ON print_jobs (picked_at)");
    await setup.query("VACUUM ANALYZE print_jobs");
    await ordinaryWork(stage);
    const [replica] = stage.server.replicas;
    if (replica === undefined) throw new Error("no replica");
    const connectionString = labUrl("postgres", replica.port, "shop");
    const analyst = await waitUntil(
      async () => {
        const client = new Client({ connectionString, application_name: "DBeaver 24.2.1 - SQLEditor" });
        client.on("error", () => undefined);
        await client.connect();
        const known = await client.query("SELECT 1 FROM pg_indexes WHERE indexname = 'print_jobs_next'");
        if (known.rowCount === 1) return client;
        await client.end();
        return null;
      },
      { what: "the reader knows the table", timeoutMs: 20_000, everyMs: 200 },
    );
    stage.cleanUp(() => analyst.end());
    await analyst.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await analyst.query("SELECT state, count(*) FROM print_jobs GROUP BY state");
    const admin = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "setup" });
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL")).rowCount ===
        1,
      { what: "the reader tells its xmin", timeoutMs: 20_000 },
    );
    await admin.end();
    const workers = await stage.pgSessions(2, "print-worker");
    await keepRunning(stage, workers, 260, async (worker, turn) => {
      // Each worker has its half of the jobs, so that nobody waits for a row.
      const from = (turn % 2) * 2000 + ((turn >> 1) % 2) * 1000;
      await worker.query(
        "UPDATE print_jobs SET picked_at = clock_timestamp(), tries = tries + 1 WHERE id > $1 AND id <= $1 + 1000",
        [from],
      );
      await worker.query("SELECT id, document FROM print_jobs ORDER BY picked_at LIMIT 10");
    });
    await pause(4000);
    return { culprits: [] };
  },
});
