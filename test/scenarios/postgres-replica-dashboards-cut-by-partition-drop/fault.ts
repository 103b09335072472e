import { openSession } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** A night's work in seconds. The replica sends its feedback, which keeps rows for its readers, but no table. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title: "Dashboards on a replica are cut, again and again, because the primary drops the oldest partitions",
  tiers: ["immediate", "performance"],
  look: "replica",
  server: {
    replicas: 1,
    settings: {
      max_standby_streaming_delay: "1s",
      hot_standby_feedback: "on",
      max_parallel_workers_per_gather: "0",
    },
  },
  make: async (stage) => {
    const server = stage.postgres();
    const replica = server.replicas[0];
    if (replica === undefined) throw new Error("no replica");
    const retention = await onePg(stage, "partition-manager");
    await retention.query(`CREATE TABLE meter_values (site int, taken_at date, slot int, watts int, PRIMARY KEY (site, taken_at, slot)) PARTITION BY RANGE (taken_at);
      CREATE TABLE meter_values_default PARTITION OF meter_values DEFAULT`);
    for (let day = 1; day <= 28; day += 1) {
      const from = `2026-01-${String(day).padStart(2, "0")}`;
      await retention.query(`CREATE TABLE meter_values_${day} PARTITION OF meter_values FOR VALUES FROM ('${from}') TO ('${from}'::date + 1);
        INSERT INTO meter_values SELECT n % 60, '${from}', n, n % 4000 FROM generate_series(1, 2400) n`);
    }
    await ordinaryWork(stage, 2);
    await pause(1500);
    // Whoever is cut off in the wrong moment loses the connection, too, and comes back as a pool does.
    await keepRunning(stage, [1, 2, 3], 0, async () => {
      const board = await openSession(
        { ...server, port: replica.port },
        { user: "shop", applicationName: "energy-dashboards" },
      );
      await board
        .query(
          `SELECT a.site, max(a.watts + b.watts) FROM meter_values a JOIN meter_values b ON b.site = a.site AND b.slot <> a.slot
           GROUP BY a.site`,
        )
        .catch(() => undefined);
      await board.end().catch(() => undefined);
      await pause(20);
    });
    let day = 0;
    await keepRunning(stage, [retention], 6, async (session) => {
      day += 1;
      await session.query(`DROP TABLE IF EXISTS meter_values_${day}`);
      await pause(2000);
    });
    return { culprits: [] };
  },
});
