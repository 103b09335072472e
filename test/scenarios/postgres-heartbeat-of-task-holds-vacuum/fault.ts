import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const dead =
  "SELECT n_dead_tup::int AS n, autovacuum_count::int AS runs FROM pg_stat_user_tables WHERE relname = 'rate_windows'";

/** Two transactions idle. One only read, and keeps nothing back; the other wrote a row, and its number holds vacuum. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [14],
  title:
    "A task wrote its heartbeat and waits for a cluster elsewhere; vacuum leaves every row that died since",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 3 },
  server: { settings: { autovacuum_naptime: "1", autovacuum_vacuum_cost_delay: "0" } },
  make: async (stage) => {
    const gateway = await stage.pgSessions(4, "api-gateway");
    const task = await onePg(stage, "airflow-worker");
    const chart = await onePg(stage, "superset");
    const [setup, counter] = gateway;
    if (setup === undefined || counter === undefined) throw new Error("no session");
    const keys = stage.number(2800, 3200);
    await setup.query(`CREATE TABLE rate_windows (api_key text, bucket smallint, hits int NOT NULL, PRIMARY KEY (api_key, bucket));
      INSERT INTO rate_windows SELECT 'key-' || n % ${keys}, n / ${keys}, 0 FROM generate_series(0, ${keys * 12 - 1}) n;
      CREATE TABLE task_instance (dag_id text, run_id text, heartbeat_at timestamptz, PRIMARY KEY (dag_id, run_id));
      INSERT INTO task_instance SELECT 'daily_spend', 'run-' || n, now() FROM generate_series(1, 200) n`);
    await setup.query("VACUUM ANALYZE rate_windows");
    await ordinaryWork(stage, 2);
    await chart.query("BEGIN");
    await chart.query("SELECT count(*) FROM task_instance");
    const culprits = [await pidOf(task)];
    await task.query("BEGIN");
    await task.query(
      "UPDATE task_instance SET heartbeat_at = now() WHERE dag_id = 'daily_spend' AND run_id = 'run-7'",
    );
    for (let round = 0; round < 7; round += 1) await setup.query("UPDATE rate_windows SET hits = hits + 1");
    await waitUntil(
      async () => {
        const { rows } = await setup.query(dead);
        return rows[0].runs > 1 && rows[0].n > 100_000;
      },
      { what: "autovacuum ran and left the dead rows", timeoutMs: 40_000 },
    );
    await keepRunning(stage, gateway, 200, async (session, turn) => {
      await session.query("SELECT sum(hits) FROM rate_windows WHERE api_key = $1", [`key-${turn % keys}`]);
      await session.query("UPDATE rate_windows SET hits = hits + 1 WHERE api_key = $1 AND bucket = 11", [
        `key-${turn % keys}`,
      ]);
      await pause(15);
    });
    await pause(3000);
    return { culprits };
  },
});
