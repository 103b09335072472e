import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A worker keeps a table lock as its mutex in a transaction that never ends: nobody waits, but autovacuum passes the table over and dead rows pile up",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  server: { settings: { autovacuum_naptime: "1s", log_autovacuum_min_duration: "0" } },
  thresholds: { idleInTransactionSeconds: 6, longRunningSeconds: 10, killCandidateSeconds: 15 },
  make: async (stage) => {
    const [owner, runner] = await stage.pgSessions(2, "rollup-runner");
    if (owner === undefined || runner === undefined) throw new Error("no session");
    const devices = stage.number(30_000, 36_000);
    await owner.query(`CREATE TABLE device_status (device_id int PRIMARY KEY, seen_at timestamptz NOT NULL, payload text NOT NULL);
      CREATE INDEX device_status_seen ON device_status (seen_at);
      INSERT INTO device_status SELECT n, now(), repeat('x', 120) FROM generate_series(1, ${devices}) n`);
    await owner.query("VACUUM ANALYZE device_status");
    await ordinaryWork(stage, 3);
    const { rows } = await runner.query("SELECT pg_backend_pid() AS pid");
    await runner.query("BEGIN");
    await runner.query("LOCK TABLE device_status IN SHARE UPDATE EXCLUSIVE MODE");
    const gateways = await stage.pgSessions(3, "iot-gateway");
    await keepRunning(stage, gateways, 160, async (gateway, turn) => {
      const from = 1 + ((turn * 1000) % devices);
      await gateway.query(
        "UPDATE device_status SET seen_at = clock_timestamp() WHERE device_id BETWEEN $1 AND $1 + 999",
        [from],
      );
      await pause(40);
    });
    await waitUntil(
      async () =>
        (
          await owner.query(
            `SELECT 1 FROM pg_stat_user_tables WHERE relname = 'device_status' AND n_dead_tup > 3 * ${devices}`,
          )
        ).rowCount === 1,
      { what: "dead rows pile up", timeoutMs: 30_000 },
    );
    await pause(6000);
    return { culprits: [rows[0].pid] };
  },
});
