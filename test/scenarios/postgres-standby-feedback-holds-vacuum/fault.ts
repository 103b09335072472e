import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A report on the standby holds the primary's vacuum back by its feedback; workers wade through dead queue entries",
  tiers: ["immediate", "performance"],
  majors: [15, 16, 17],
  server: {
    replicas: 1,
    settings: { hot_standby_feedback: "on", wal_receiver_status_interval: "1" },
  },
  thresholds: { longRunningSeconds: 3, idleInTransactionSeconds: 3 },
  make: async (stage) => {
    const table = `${stage.table()}_queue`;
    const writer = await onePg(stage, stage.application());
    const rows = stage.number(140, 180) * 1000;
    await writer.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, payload text)`);
    await writer.query(`INSERT INTO ${table} SELECT n, 'job ' || n FROM generate_series(1, ${rows}) n`);
    const node = stage.server.replicas[0];
    if (node === undefined) throw new Error("no replica");
    const report = new Client({
      connectionString: labUrl("postgres", node.port, "shop"),
      application_name: "monthly_report",
    });
    report.on("error", () => undefined);
    await report.connect();
    stage.cleanUp(() => report.end());
    await waitUntil(
      async () => (await report.query("SELECT to_regclass($1) AS found", [table])).rows[0].found !== null,
      { what: "the table to arrive" },
    );
    await report.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await report.query(`SELECT count(*) FROM ${table}`);
    const admin = new Client({ connectionString: stage.postgres().adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL")).rowCount ===
        1,
      { what: "the standby's feedback" },
    );
    const kept = stage.number(40, 90);
    // As workers do it: each job, here a few at a time, in a transaction of its own.
    await writer.query(`DO $$ BEGIN
      FOR lot IN 0..${Math.ceil(rows / 30)} LOOP
        DELETE FROM ${table} WHERE id > lot * 30 AND id <= least(lot * 30 + 30, ${rows - kept});
        COMMIT;
      END LOOP;
    END $$`);
    await admin.query(`VACUUM (ANALYZE) ${table}`);
    const workers = await stage.pgSessions(stage.number(3, 5), stage.application());
    await keepRunning(stage, workers, 60, (worker) =>
      worker.query(`SELECT id, payload FROM ${table} ORDER BY id LIMIT 1`),
    );
    await admin.query("SELECT pg_sleep(4)");
    await admin.query(`VACUUM (ANALYZE) ${table}`);
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
