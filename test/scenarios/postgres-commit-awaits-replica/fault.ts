import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

/** As a Multi-AZ DB cluster has it: a commit is done when a reader has it, too. */
export const scenario = defineScenario({
  engine: "postgres",
  title: "A commit waits for a replica that does not confirm it, and many want the row that it has written",
  server: { replicas: 1 },
  tiers: ["immediate", "performance"],
  thresholds: { killCandidateSeconds: 1, longRunningSeconds: 1 },
  make: async (stage) => {
    const table = stage.table();
    const writer = await onePg(stage, stage.application());
    const waiters = await stage.pgSessions(stage.number(11, 18), stage.application());
    await makeTable(writer, table);
    const standby = new Client({ connectionString: stage.server.replicas[0]?.adminUrl ?? "" });
    await standby.connect();
    const admin = new Client({ connectionString: stage.postgres().adminUrl });
    await admin.connect();
    await standby.query("SELECT pg_wal_replay_pause()");
    await admin.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await admin.query("ALTER SYSTEM SET synchronous_commit = 'remote_apply'");
    await admin.query("SELECT pg_reload_conf()");
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_stat_replication WHERE sync_state <> 'async'")).rowCount === 1,
      { what: "the standby to be the one that commits wait for" },
    );
    stage.cleanUp(async () => {
      await standby.query("SELECT pg_wal_replay_resume()");
      await standby.end();
      await admin.end();
    });
    await waitUntil(
      async () =>
        (await writer.query("SHOW synchronous_commit")).rows[0].synchronous_commit === "remote_apply",
      { what: "the writer to have read its settings" },
    );
    stage.leave(writer.query(`UPDATE ${table} SET state = 'paid' WHERE id = 7`));
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")).rowCount === 1,
      { what: "the commit to wait" },
    );
    for (const waiter of waiters) {
      stage.leave(waiter.query(`UPDATE ${table} SET state = 'sent' WHERE id = 7`));
    }
    await pgWaiting(stage, waiters.length, 2);
    return { culprits: [] };
  },
});
