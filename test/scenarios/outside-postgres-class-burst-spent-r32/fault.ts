import { calmRds } from "../support/outside/calm.ts";
import { even, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "analytics-oltp";
const mb = 1e6;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An export has read at the burst rate of the class until its half hour was spent: r5.large is held at 81 MB/s though the volume could do 500",
  world: (dice) => {
    const began = dice.number(78, 84);
    const spent = began - 35;
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 16,
        freeGib: 311,
        connections: 84,
        cpu: 26,
        iops: 620,
      }),
    );
    const phase = (before: number, burst: number, held: number) =>
      ((minutes: number) => (minutes > began ? before : minutes > spent ? burst : held)) as (
        minutes: number,
      ) => number;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.r5.large",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        ReadThroughput: even(phase(4.5 * mb, 326 * mb, 74.6 * mb)),
        WriteThroughput: even(phase(7.8 * mb, 8.4 * mb, 6.4 * mb)),
        ReadIOPS: phase(248, 2610, 640),
        WriteIOPS: phase(372, 391, 240),
        ReadLatency: phase(0.0007, 0.0016, 0.0241),
        WriteLatency: phase(0.0015, 0.0021, 0.0184),
        DiskQueueDepth: phase(0.7, 5, 20),
        "EBSByteBalance%": (minutes) => between(began, spent, 99, 0)(minutes),
        CPUUtilization: phase(26, 48, 23),
        DBLoad: phase(0.6, 3.1, 13.6),
        DBLoadCPU: phase(0.45, 0.9, 0.4),
        DBLoadNonCPU: phase(0.15, 2.2, 13.2),
        DatabaseConnections: phase(84, 87, 121),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "IO:DataFileRead": 10.9,
          "IO:WALSync": 1.4,
          CPU: 0.4,
          "LWLock:WALWrite": 0.5,
          "IO:DataFilePrefetch": 0.4,
        },
        [
          {
            sql: "SELECT * FROM page_views WHERE viewed_at >= $1 AND viewed_at < $2",
            waits: { "IO:DataFileRead": 3.6, CPU: 0.2, "IO:DataFilePrefetch": 0.4 },
          },
          {
            sql: "SELECT * FROM sessions WHERE visitor_id = $1 ORDER BY id DESC LIMIT $2",
            waits: { "IO:DataFileRead": 3.1 },
          },
          {
            sql: "INSERT INTO events (visitor_id, kind, body) VALUES ($1, $2, $3)",
            waits: { "IO:DataFileRead": 2.2, "IO:WALSync": 0.9 },
          },
          { sql: "SELECT * FROM visitors WHERE id = $1", waits: { "IO:DataFileRead": 2, CPU: 0.1 } },
        ],
        { web_app: 9.2, bi_export: 4.2, jobs: 0.2 },
      ),
      alarm: above("ReadLatency", 0.02, [0.0238, 0.0244, 0.0241], spent - 4),
      alsoAlarms: [above("DiskQueueDepth", 10, [19.1, 20.4, 20.2], spent - 5)],
      way: "probe-failed",
    };
  },
});
