import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody rewrites a large table with VACUUM FULL while the shop is open",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.2, longRunningSeconds: 30 },
  server: { settings: { maintenance_work_mem: "4MB", autovacuum: "off" } },
  make: async (stage) => {
    const table = stage.table();
    const [dba, watcher] = [await onePg(stage, stage.application()), await onePg(stage, "watcher")];
    await dba.query(`CREATE TABLE ${table} (id int, note text)`);
    await dba.query(`INSERT INTO ${table} SELECT n, md5(n::text) FROM generate_series(1, 40000) n`);
    // The rewrite builds this index anew, slowly enough to be looked at.
    await dba.query(
      `CREATE FUNCTION slowly(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
       'begin if n % 1000 = 0 then perform pg_sleep(current_setting(''app.pace'')::float8); end if; return n; end'`,
    );
    await dba.query("SET app.pace = 0");
    await dba.query(`CREATE INDEX ON ${table} (slowly(id))`);
    await dba.query(`SET app.pace = 0.${stage.number(3, 6)}`);
    await dba.query("SET max_parallel_maintenance_workers = 0");
    const pid = Number((await dba.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    stage.leave(dba.query(`VACUUM FULL ${table}`));
    await waitUntil(
      async () => (await watcher.query("SELECT 1 FROM pg_stat_progress_cluster")).rowCount === 1,
      { what: "VACUUM FULL to run" },
    );
    await watcher.query("SELECT pg_sleep(0.5)");
    return { culprits: [pid] };
  },
  // Storage as CloudWatch would show it meanwhile.
  metrics: () => [steady("WriteLatency", 0.08), steady("WriteIOPS", 2900), steady("DiskQueueDepth", 22)],
  context: () =>
    context({
      readings: [
        reading(steady("WriteLatency", 0.08), "seconds", { day: 0.002, week: 0.002 }),
        reading(steady("WriteIOPS", 2900), "per-second", { day: 400, week: 380 }),
      ],
    }),
});
