import { calmRds } from "../support/outside/calm.ts";
import { daily } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "dispatch-db";

export const scenario = defineOutside({
  engine: "postgres",
  title: "62 % of four vCPUs at this hour, as every day: the alarm was set at 50 %",
  world: () => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "14.17",
        DBInstanceClass: "db.m5.xlarge",
        MultiAZ: true,
        AllocatedStorage: 420,
        Iops: 12_000,
        StorageThroughput: 500,
      }),
    ],
    metrics: {
      ...calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 188,
        connections: 124,
        cpu: 62,
        iops: 1800,
      }),
      CPUUtilization: daily(62, 0.35),
      DatabaseConnections: daily(124, 0.15),
      ReadIOPS: daily(700, 0.3),
      WriteIOPS: daily(1100, 0.3),
      DBLoad: daily(2.9, 0.35),
      DBLoadCPU: daily(2.2, 0.35),
      DBLoadNonCPU: daily(0.7, 0.35),
    },
    events: nightlyBackup(id),
    load: loadOf(
      { CPU: 2.2, "IO:DataFileRead": 0.4, "IO:WALSync": 0.2, "Client:ClientRead": 0.1 },
      [
        {
          sql: "SELECT j.id, j.state, j.eta FROM jobs j WHERE j.driver_id = $1 AND j.state = ANY($2)",
          waits: { CPU: 0.6, "IO:DataFileRead": 0.1 },
        },
        {
          sql: "UPDATE drivers SET lat = $1, lon = $2, seen_at = $3 WHERE id = $4",
          waits: { CPU: 0.4, "IO:WALSync": 0.1 },
        },
        {
          sql: "SELECT z.id FROM zones z WHERE ST_Contains(z.shape, ST_Point($1, $2))",
          waits: { CPU: 0.5 },
        },
        {
          sql: "INSERT INTO job_events (job_id, kind, at) VALUES ($1, $2, $3)",
          waits: { CPU: 0.2, "IO:WALSync": 0.1 },
        },
      ],
      { dispatch_api: 2.3, dispatch_jobs: 0.6 },
    ),
    alarm: above("CPUUtilization", 50, [57.9, 60.2, 61.4], 47),
    way: "probe-failed",
  }),
});
