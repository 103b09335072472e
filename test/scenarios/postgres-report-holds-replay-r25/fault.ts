import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A report on the reader needs rows that the writer has vacuumed away: replay waits for it, and readers see old data",
  majors: [15],
  tiers: ["immediate", "performance", "health"],
  look: "replica",
  server: { replicas: 1, settings: { max_standby_streaming_delay: "-1" } },
  thresholds: { replicationLagSeconds: 4, longRunningSeconds: 60 },
  make: async (stage) => {
    const table = stage.table();
    const server = stage.postgres();
    const reader = { ...server, port: server.replicas[0]?.port ?? 0 };
    await ordinaryWork(stage);
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL)`);
    await writer.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, 60000) n`);
    const admin = await openSession(reader);
    stage.cleanUp(() => admin.end());
    await waitUntil(
      async () => Number((await admin.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n) === 60_000,
      { what: "the replica has the table", everyMs: 200 },
    );
    const report = await openSession(reader, { user: "shop", applicationName: "metabase" });
    stage.cleanUp(() => report.end());
    const culprit = await pidOf(report);
    stage.leave(
      report.query(`SELECT sum(a.n % 7 * b.n % 11) FROM ${table} a CROSS JOIN ${table} b WHERE a.id > b.id`),
    );
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active'", [culprit]))
          .rowCount === 1,
      { what: "the report runs" },
    );
    await writer.query(`DELETE FROM ${table} WHERE id % 3 = 0`);
    await writer.query(`VACUUM ${table}`);
    await waitUntil(
      async () =>
        (
          await admin.query(
            "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'startup' AND wait_event LIKE 'RecoveryConflict%'",
          )
        ).rowCount === 1,
      { what: "replay waits for the report", timeoutMs: 20_000 },
    );
    await admin.query("SELECT pg_sleep(9)");
    return { culprits: [culprit] };
  },
});
