import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "clinic-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nothing is wrong: the practices open, the CPU is at 84 per cent as on every day at this hour, and nobody waits for it",
  world: (dice) => {
    const opened = dice.number(78, 84);
    const hours = (open: number, closed: number) => atTheseHours(opened, 210, open, closed);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 64,
        connections: 380,
        cpu: 40,
        iops: 1500,
        freeGib: 310,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.7",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: hours(84, 41),
        DBLoad: hours(7.1, 3.1),
        DBLoadCPU: hours(6.1, 2.6),
        DBLoadNonCPU: hours(1, 0.5),
        DatabaseConnections: hours(382, 214),
        ReadIOPS: hours(1240, 610),
        WriteIOPS: hours(1510, 790),
        ReadThroughput: hours(22e6, 11e6),
        WriteThroughput: hours(31e6, 16e6),
        DiskQueueDepth: hours(3.1, 1.6),
        NetworkReceiveThroughput: hours(4.1e6, 2.1e6),
        NetworkTransmitThroughput: hours(13.4e6, 6.6e6),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 6.1, "IO:DataFileRead": 0.5, "IO:WALSync": 0.3, "Client:ClientRead": 0.1 },
        [
          {
            sql: "SELECT id, starts_at, patient_id FROM appointments WHERE practice_id = $1 AND day = $2",
            waits: { CPU: 1.1 },
          },
          {
            sql: "SELECT * FROM patients WHERE practice_id = $1 AND lower(name) LIKE $2 LIMIT 20",
            waits: { CPU: 0.9, "IO:DataFileRead": 0.2 },
          },
          { sql: "UPDATE appointments SET state = $1 WHERE id = $2", waits: { CPU: 0.5, "IO:WALSync": 0.2 } },
          {
            sql: "SELECT id, body FROM notes WHERE patient_id = $1 ORDER BY written_at DESC",
            waits: { CPU: 0.7 },
          },
        ],
        { clinic_app: 6.4, clinic_sync: 0.6 },
      ),
      alarm: above("CPUUtilization", 80, [83.6, 84.9, 84.2], opened - 7),
      way: "probe-failed",
    };
  },
});
