import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An extract reads the replica in one snapshot and was left open between two tables: replay waits for it, without limit",
  majors: [15],
  tiers: ["immediate", "performance"],
  look: "replica",
  server: { replicas: 1, settings: { max_standby_streaming_delay: "-1", autovacuum: "off" } },
  thresholds: { replicationLagSeconds: 5, idleInTransactionSeconds: 4, longRunningSeconds: 4 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE page_views (site char(3) NOT NULL, seen_at timestamptz NOT NULL, visitor uuid NOT NULL, path text NOT NULL, PRIMARY KEY (site, seen_at, visitor))",
    );
    await setup.query(
      "INSERT INTO page_views SELECT 'w' || n % 10, now() - n * interval '30 seconds', md5(n::text)::uuid, '/p/' || n % 700 FROM generate_series(1, 60000) n",
    );
    await ordinaryWork(stage);
    const onReplica = async (name: string, user: "shop" | "admin" = "shop") => {
      const port = stage.server.replicas[0]?.port ?? 0;
      const client = new Client({
        connectionString: labUrl("postgres", port, user),
        application_name: name,
      });
      client.on("error", () => undefined);
      await client.connect();
      stage.cleanUp(() => client.end());
      return client;
    };
    const extract = await onReplica("Tableau Hyper Extract");
    await waitUntil(
      async () => (await extract.query("SELECT count(*)::int AS n FROM page_views")).rows[0].n === 60_000,
      { what: "the replica has the views" },
    );
    const culprit = await pidOf(extract);
    await extract.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await extract.query("SELECT site, count(*) FROM page_views GROUP BY site");
    await setup.query("DELETE FROM page_views WHERE seen_at < now() - interval '10 days'");
    await setup.query("VACUUM page_views");
    const dba = await onReplica("dba", "admin");
    await waitUntil(
      async () => {
        const sql = "SELECT wait_event FROM pg_stat_activity WHERE backend_type = 'startup'";
        return (await dba.query(sql)).rows[0]?.wait_event?.startsWith("RecoveryConflict");
      },
      { what: "replay waits for the extract" },
    );
    await dba.end();
    // Long, and of a later snapshot, which the cleanup does not touch.
    const report = await onReplica("finance-report");
    stage.leave(report.query("SELECT count(*), pg_sleep(90) FROM page_views GROUP BY site LIMIT 1"));
    const readers = await Promise.all([onReplica("web-read"), onReplica("web-read")]);
    await keepRunning(stage, readers, 10, async (client, turn) => {
      await client.query("SELECT path FROM page_views WHERE site = $1 ORDER BY seen_at DESC LIMIT 5", [
        `w${turn % 10}`,
      ]);
      await pause(40);
    });
    await pause(9000);
    return { culprits: [culprit] };
  },
});
