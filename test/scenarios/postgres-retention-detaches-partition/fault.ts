import { openSession } from "../../lab/engines/sql.ts";
import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The retention job detaches a partition while a report reads the parent: every insert queues behind it",
  majors: [18, 16],
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 6 },
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    await admin.query("CREATE SCHEMA telemetry");
    await admin.query("GRANT ALL ON SCHEMA telemetry TO shop");
    const job = await onePg(stage, "retention");
    await job.query(
      "CREATE TABLE telemetry.readings (device int NOT NULL, day int NOT NULL, value float8) PARTITION BY RANGE (day)",
    );
    for (const day of [0, 1, 2, 3, 4, 5, 6])
      await job.query(
        `CREATE TABLE telemetry.readings_d${day} PARTITION OF telemetry.readings FOR VALUES FROM (${day}) TO (${day + 1})`,
      );
    await job.query(
      "INSERT INTO telemetry.readings SELECT n % 500, n % 7, random() * 100 FROM generate_series(1, 60000) n",
    );
    await job.query("ANALYZE telemetry.readings");
    await ordinaryWork(stage, 3);
    const report = await onePg(stage, "grafana");
    // Long because of what it computes, not because anybody sleeps.
    stage.leave(
      report.query(`SELECT r.device, avg(r.value * g.n) AS weighted, stddev(r.value + g.n) AS spread
        FROM telemetry.readings r CROSS JOIN generate_series(1, 40000) AS g(n) GROUP BY r.device ORDER BY 2 DESC`),
    );
    await admin.query("SELECT pg_sleep(1)");
    const culprit = await pidOf(job);
    stage.leave(job.query("ALTER TABLE telemetry.readings DETACH PARTITION telemetry.readings_d0"));
    await admin.query("SELECT pg_sleep(0.5)");
    const writers = await stage.pgSessions(stage.number(8, 12), "ingest");
    for (const [index, writer] of writers.entries())
      stage.leave(
        writer.query("INSERT INTO telemetry.readings (device, day, value) VALUES ($1, 6, 1.5)", [index]),
      );
    await pgWaiting(stage, writers.length + 1, 8);
    return { culprits: [culprit] };
  },
});
