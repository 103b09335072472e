import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Look-alike: the replica has lost its stream and replays from the archive, as RDS's replicas do; it is not stopped",
  tiers: ["immediate", "performance"],
  server: { replicas: 1, settings: { wal_keep_size: "2GB" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 600 },
  make: async (stage) => {
    const standby = stage.postgres().replicas[0];
    if (standby === undefined) throw new Error("no replica");
    const admin = await openSession(stage.postgres(), { user: "rdsadmin" });
    const there = await openSession({ ...stage.postgres(), port: standby.port }, { user: "rdsadmin" });
    stage.cleanUp(() => Promise.all([admin.end(), there.end()]));
    const { data_directory: from } = (await admin.query("SHOW data_directory")).rows[0];
    await there.query(`ALTER SYSTEM SET restore_command = 'cp ${from}/pg_wal/%f %p'`);
    await there.query("ALTER SYSTEM SET wal_retrieve_retry_interval = '100ms'");
    await there.query("SELECT pg_reload_conf()");
    const table = stage.table();
    const [setup, ...clients] = await stage.pgSessions(2, stage.application());
    await setup?.query(`CREATE TABLE ${table} (id int, note text)`);
    await keepRunning(stage, clients, 8, async (client) => {
      await client.query(`INSERT INTO ${table} SELECT n, repeat('x', 200) FROM generate_series(1, 2000) n`);
      await admin.query("SELECT pg_switch_wal(), pg_sleep(0.3)");
    });
    await admin.query("ALTER ROLE rdsrepladmin NOLOGIN");
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
    await waitUntil(async () => (await there.query("SELECT 1 FROM pg_stat_wal_receiver")).rows.length === 0, {
      what: "the stream to end",
    });
    await setup?.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
