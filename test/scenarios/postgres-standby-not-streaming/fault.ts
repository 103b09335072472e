import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A standby can no longer sign in to its primary; it serves old data and says nothing",
  tiers: ["immediate", "performance"],
  server: { replicas: 1, settings: { wal_retrieve_retry_interval: "60s" } },
  look: "replica",
  make: async (stage) => {
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${stage.table()} (id int)`);
    const admin = new Client({ connectionString: stage.server.adminUrl });
    const standby = new Client({ connectionString: stage.server.replicas[0]?.adminUrl ?? "" });
    for (const client of [admin, standby]) {
      await client.connect();
      stage.cleanUp(() => client.end());
    }
    // NOLOGIN refuses the next connection, ending the walsender cuts this one.
    await admin.query("ALTER ROLE rdsrepladmin NOLOGIN");
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
    await waitUntil(async () => (await standby.query("SELECT 1 FROM pg_stat_wal_receiver")).rowCount === 0, {
      what: "the receiver to be gone",
    });
    return { culprits: [] };
  },
});
