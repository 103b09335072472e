import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A standby is meant to stay an hour behind, as a net against deletions by mistake: nothing is wrong",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 1 },
  make: async (stage) => {
    const standby = new Client({ connectionString: stage.server.replicas[0]?.adminUrl ?? "" });
    await standby.connect();
    stage.cleanUp(() => standby.end());
    const replayed = "SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AS all";
    await waitUntil(async () => (await standby.query(replayed)).rows[0].all === true, {
      what: "what was before to be replayed",
    });
    await standby.query("ALTER SYSTEM SET recovery_min_apply_delay = '1h'");
    await standby.query("SELECT pg_reload_conf()");
    await standby.query("SELECT pg_sleep(0.3)");
    const writer = await onePg(stage, stage.application());
    const table = stage.table();
    await writer.query(`CREATE TABLE ${table} (id int)`);
    await writer.query(`INSERT INTO ${table} SELECT n FROM generate_series(1, ${stage.number(100, 5000)}) n`);
    await waitUntil(
      async () => {
        const sql = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) > 0 AS held";
        return (await standby.query(sql)).rows[0].held === true;
      },
      { what: "changes to be held back" },
    );
    await writer.query("SELECT pg_sleep(1.5)");
    return { culprits: [] };
  },
});
