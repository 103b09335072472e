import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "grid-telemetry";
const copy = "COPY meter_readings (meter_id, read_at, kwh, quality) FROM STDIN WITH (FORMAT csv)";
const wait = "Lock:extend";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The number of loaders was raised to 64, all copy into one table, and they queue for the one lock by which meter_readings is made longer",
  world: (dice) => {
    const since = dice.number(33, 38);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.17",
          DBInstanceClass: "db.m6i.8xlarge",
          DBName: "grid",
          MultiAZ: true,
          AllocatedStorage: 8000,
          Iops: 32_000,
          StorageThroughput: 1000,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 32,
            memoryGib: 128,
            freeGib: 3900,
            connections: 143,
            cpu: 26,
            iops: 5200,
          }),
        ),
        CPUUtilization: steps(26, 34, since),
        DatabaseConnections: steps(143, 191, since),
        WriteIOPS: steps(3100, 4300, since),
        WriteThroughput: steps(92e6, 128e6, since),
        DiskQueueDepth: steps(5.4, 7.9, since),
        NetworkReceiveThroughput: steps(21e6, 27e6, since),
        DBLoad: steps(9.6, 61, since),
        DBLoadCPU: steps(7, 8.8, since),
        DBLoadNonCPU: steps(2.6, 52.2, since),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(6 * 1440).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: `dBInstanceIdentifier=${id}, iops=32000, storageThroughput=1000, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { [wait]: 47.8, CPU: 8.8, "IO:DataFileExtend": 2.2, "LWLock:WALInsert": 1.1, "IO:WALWrite": 0.7 },
        [
          { sql: copy, waits: { [wait]: 47.8, CPU: 5.1, "IO:DataFileExtend": 2.2, "LWLock:WALInsert": 1 } },
          {
            sql: "SELECT meter_id, max(read_at) FROM meter_readings WHERE meter_id = ANY(?) GROUP BY 1",
            waits: { CPU: 2.1 },
          },
        ],
        { loader: 57.4, portal: 3.2 },
      ),
      alarm: above("DBLoad", 32, [59.8, 62.4, 60.7], since - 5),
      way: "probe-failed",
    };
  },
});
