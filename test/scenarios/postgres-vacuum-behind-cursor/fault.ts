import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A DBA's VACUUM (FREEZE) waits for a page that an open cursor has pinned; dead rows are read meanwhile",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2, longRunningSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(2, stage.application());
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, n int, note text) WITH (autovacuum_enabled = false)`,
    );
    await setup?.query(`INSERT INTO ${table} SELECT n, n, repeat('z', 50) FROM generate_series(1, 12000) n`);
    await setup?.query(`ANALYZE ${table}`);
    for (let turn = 0; turn < 5; turn += 1) await setup?.query(`UPDATE ${table} SET n = n + 1`);
    const reader = await onePg(stage, "export");
    await reader.query("BEGIN");
    await reader.query(`DECLARE c CURSOR FOR SELECT * FROM ${table}`);
    await reader.query("FETCH 1 FROM c");
    const vacuum = await onePg(stage, "dba");
    stage.leave(vacuum.query(`VACUUM (FREEZE) ${table}`));
    const watcher = await onePg(stage, "watcher");
    const sql = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'BufferPin'";
    await waitUntil(async () => Number((await watcher.query(sql)).rows[0].n) === 1, { what: "vacuum waits" });
    await keepRunning(stage, clients, 20, (client) => client.query(`SELECT sum(length(note)) FROM ${table}`));
    await watcher.query("SELECT pg_sleep(3)");
    await watcher.end();
    return { culprits: [] };
  },
});
