import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Reports on the reader are cancelled again and again: vacuum on the writer removes rows they still need, and replay waits for nobody longer than max_standby_streaming_delay",
  majors: [15, 16, 18],
  tiers: ["immediate", "performance", "health"],
  look: "replica",
  server: {
    replicas: 1,
    settings: { max_standby_streaming_delay: "800ms", hot_standby_feedback: "off" },
  },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE parcel_events (id int PRIMARY KEY, depot int NOT NULL, carrier varchar(10) NOT NULL, grams int NOT NULL, state varchar(10) NOT NULL)",
    );
    await setup.query(
      "INSERT INTO parcel_events SELECT n, n % 10, 'carrier' || n % 7, n % 9000, 'new' FROM generate_series(1, 20000) n",
    );
    await setup.query("VACUUM ANALYZE parcel_events");
    await ordinaryWork(stage);
    const [replica] = stage.server.replicas;
    if (replica === undefined) throw new Error("no replica");
    const connectionString = labUrl("postgres", replica.port, "shop");
    await waitUntil(
      async () => {
        const probe = new Client({ connectionString });
        probe.on("error", () => undefined);
        await probe.connect();
        const rows = await probe.query("SELECT count(*)::int AS n FROM parcel_events");
        await probe.end();
        return rows.rows[0].n === 20_000;
      },
      { what: "the reader has the table", timeoutMs: 20_000, everyMs: 200 },
    );
    const janitor = await onePg(stage, "parcel-sync");
    await keepRunning(stage, [janitor], 2, async (session, turn) => {
      await session.query("UPDATE parcel_events SET state = 'seen', grams = grams + 1 WHERE id % 40 = $1", [
        turn % 40,
      ]);
      await session.query("VACUUM parcel_events");
      await pause(500);
    });
    const reports = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const client = new Client({ connectionString, application_name: "metabase" });
        client.on("error", () => undefined);
        await client.connect();
        stage.cleanUp(() => client.end());
        return client;
      }),
    );
    let cancelled = 0;
    await keepRunning(stage, reports, 2, async (report) => {
      await report
        .query(
          "SELECT a.carrier, sum(sqrt(a.grams + b.grams)) AS effort FROM parcel_events a JOIN parcel_events b ON b.depot = a.depot GROUP BY a.carrier",
        )
        .catch(() => {
          cancelled += 1;
        });
      await pause(100);
    });
    await waitUntil(() => cancelled >= 8, { what: "eight reports were cancelled", timeoutMs: 60_000 });
    return { culprits: [] };
  },
});
