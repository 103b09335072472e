import { calmRds } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "meters-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since a new firmware the meters send every reading by itself: each insert is a commit over two zones",
  world: (dice) => {
    const since = dice.number(24, 28);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1c",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 205,
          connections: 118,
          cpu: 24,
          iops: 1300,
        }),
        CPUUtilization: steps(24, 43, since),
        DatabaseConnections: steps(118, 161, since),
        DBLoad: steps(1.5, 17.4, since),
        DBLoadCPU: steps(0.9, 2.1, since),
        DBLoadNonCPU: steps(0.6, 15.3, since),
        ReadIOPS: usual(190),
        WriteIOPS: steps(780, 4300, since),
        WriteThroughput: steps(14e6, 41e6, since),
        WriteLatency: steps(0.0017, 0.0026, since),
        // 4,300 a second of 2.6 ms each.
        DiskQueueDepth: steps(1.5, 11.3, since),
        NetworkReceiveThroughput: steps(1.1e6, 4.4e6, since),
        TransactionLogsGeneration: steps(2.1e6, 9.8e6, since),
      },
      events: [told(id, 60 * 9, "notification", "A new minor version is available."), ...nightlyBackup(id)],
      load: loadOf(
        { "LWLock:WALWrite": 8.6, "IO:WALSync": 5.2, CPU: 2.1, "IO:WALWrite": 1.5 },
        [
          {
            sql: "INSERT INTO telemetry_readings (meter_id, at, kwh, volts) VALUES (?, ?, ?, ?)",
            waits: { "LWLock:WALWrite": 8.2, "IO:WALSync": 5, "IO:WALWrite": 1.4, CPU: 1.2 },
          },
          {
            sql: "UPDATE meters SET last_seen = ? WHERE id = ?",
            waits: { "LWLock:WALWrite": 0.4, "IO:WALSync": 0.2, CPU: 0.2 },
          },
          {
            sql: "SELECT at, kwh FROM telemetry_readings WHERE meter_id = ? AND at > ? ORDER BY at",
            waits: { CPU: 0.5 },
          },
        ],
        { ingest: 16.6, portal: 0.8 },
      ),
      alarm: above("DBLoad", 8, [15.9, 17.8, 16.7], since - 4),
      alsoAlarms: [above("WriteIOPS", 3500, [4180, 4402, 4296], since - 5)],
      way: "probe-failed",
    };
  },
});
