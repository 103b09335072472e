import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A cohort report on the replica needs rows that a vacuum of the primary removes: replay waits for it, dashboards show the past",
  tiers: ["immediate", "performance"],
  majors: [15],
  server: { replicas: 1, settings: { max_standby_streaming_delay: "-1", autovacuum: "off" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 3, longRunningSeconds: 5 },
  make: async (stage) => {
    const writer = await onePg(stage, "bookings-api");
    const [node] = stage.server.replicas;
    const connectionString = labUrl("postgres", node?.port ?? 0, "shop");
    const open = async (application_name: string) => {
      const client = new Client({ connectionString, application_name });
      client.on("error", () => undefined);
      await client.connect();
      stage.cleanUp(() => client.end());
      return client;
    };
    await writer.query(
      "CREATE TABLE seat_holds (event_code text, seat int, held_until timestamptz, PRIMARY KEY (event_code, seat))",
    );
    await writer.query(
      "INSERT INTO seat_holds SELECT 'EV' || n % 40, n, now() + n * interval '1 second' FROM generate_series(1, 12000) n",
    );
    const monitor = await open("watcher");
    const count = async (sql: string) => Number((await monitor.query(sql)).rows[0].n);
    await waitUntil(async () => (await count("SELECT count(*) AS n FROM seat_holds")) === 12_000, {
      what: "the rows to be on the replica",
    });
    const boards = await Promise.all(Array.from({ length: stage.number(3, 5) }, () => open("dashboards")));
    await keepRunning(stage, boards, 10, async (client, turn) => {
      await client.query("SELECT max(held_until) FROM seat_holds WHERE event_code = $1", [`EV${turn % 40}`]);
      await pause(40);
    });
    const report = await open("cohort-report");
    const culprit = await pidOf(report);
    stage.leave(
      report.query(
        "SELECT count(*) FROM seat_holds a JOIN seat_holds b ON a.held_until < b.held_until JOIN seat_holds c ON c.seat % 7 = b.seat % 5 WHERE a.seat + b.seat + c.seat < 0",
      ),
    );
    await pause(800);
    for (let turn = 0; turn < 10; turn += 1) {
      await writer.query(
        "UPDATE seat_holds SET held_until = now() + interval '10 minutes' WHERE seat % 3 = 0",
      );
      if (turn < 2) await writer.query("VACUUM seat_holds");
      await pause(800);
    }
    return { culprits: [culprit] };
  },
});
