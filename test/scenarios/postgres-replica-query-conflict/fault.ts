import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A long report on a standby still needs rows that vacuum removed on the primary; replay waits for it",
  tiers: ["immediate", "performance"],
  server: {
    replicas: 1,
    settings: { max_standby_streaming_delay: "-1", hot_standby_feedback: "off", autovacuum: "off" },
  },
  look: "replica",
  thresholds: { replicationLagSeconds: 1, slowQuerySeconds: 0.5, longRunningSeconds: 1 },
  make: async (stage) => {
    const table = stage.table();
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await writer.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 500) n`);
    const node = stage.server.replicas[0];
    if (node === undefined) throw new Error("no replica");
    const report = new Client({
      connectionString: labUrl("postgres", node.port, "shop"),
      application_name: stage.application(),
    });
    report.on("error", () => undefined);
    await report.connect();
    stage.cleanUp(() => report.end());
    await waitUntil(
      async () => (await report.query("SELECT to_regclass($1) AS found", [table])).rows[0].found !== null,
      { what: "the table to arrive" },
    );
    await waitUntil(
      async () => Number((await report.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n) === 500,
      { what: "its rows to arrive" },
    );
    const pid = Number((await report.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    stage.leave(report.query(`SELECT count(*), pg_sleep(60) FROM ${table}`));
    const watcher = new Client({ connectionString: node.adminUrl });
    await watcher.connect();
    stage.cleanUp(() => watcher.end());
    await waitUntil(
      async () =>
        (
          await watcher.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", [
            pid,
          ])
        ).rowCount === 1,
      { what: "the report to run" },
    );
    await writer.query(`DELETE FROM ${table} WHERE id <= ${stage.number(100, 400)}`);
    await writer.query(`VACUUM ${table}`);
    await waitUntil(
      async () =>
        (await watcher.query("SELECT 1 FROM pg_stat_activity WHERE wait_event LIKE 'RecoveryConflict%'"))
          .rowCount === 1,
      { what: "replay to wait" },
    );
    await writer.query("SELECT pg_sleep(1.6)");
    return { culprits: [pid] };
  },
});
