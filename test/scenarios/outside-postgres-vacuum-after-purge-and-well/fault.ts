import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "scans-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Autovacuum reads the table from which last month's scans were purged; the volume has four times as much to give",
  world: (dice) => {
    const since = dice.number(23, 27);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "17.4",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 8,
          memoryGib: 64,
          freeGib: 420,
          connections: 205,
          cpu: 29,
          iops: 1500,
        }),
        ReadIOPS: steps(600, 2600, since),
        ReadThroughput: steps(11e6, 64e6, since),
        WriteIOPS: steps(900, 1150, since),
        WriteThroughput: steps(19e6, 31e6, since),
        DiskQueueDepth: steps(1.8, 3.5, since),
        CPUUtilization: steps(29, 33, since),
        DBLoad: steps(2.3, 3.6, since),
        DBLoadCPU: steps(1.8, 2, since),
        DBLoadNonCPU: steps(0.5, 1.6, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2, "IO:DataFileRead": 0.9, "Timeout:VacuumDelay": 0.4, "IO:WALSync": 0.3 },
        [
          {
            sql: "autovacuum: VACUUM ANALYZE public.parcel_scans",
            waits: { "IO:DataFileRead": 0.7, "Timeout:VacuumDelay": 0.4, CPU: 0.2 },
          },
          {
            sql: "SELECT at, depot, kind FROM parcel_scans WHERE parcel_id = ? ORDER BY at DESC LIMIT ?",
            waits: { CPU: 0.9, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "INSERT INTO parcel_scans (parcel_id, depot, at, kind) VALUES (?, ?, ?, ?)",
            waits: { CPU: 0.6, "IO:WALSync": 0.3 },
          },
        ],
        { scans: 1.9, rdsadmin: 1.3 },
      ),
      alarm: above("ReadIOPS", 2000, [2540, 2612, 2588], since - 5),
      way: "probe-failed",
    };
  },
});
