import { calmAurora } from "../support/outside/calm.ts";
import { byHour, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const writer = "reservations-1";
const serverless = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.serverless",
  DBClusterIdentifier: "reservations",
};

export const scenario = defineOutside({
  engine: "postgres",
  title: "The morning is as busy as every morning; the alarm on capacity is at half of what it may grow to",
  world: (dice) => {
    const acu = dice.number(17, 18);
    return {
      instances: [instanceOf(writer, serverless)],
      cluster: clusterOf("reservations", [writer], {
        ...serverless,
        ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 32 },
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 118, cpu: 34, iops: 190 }),
        ),
        FreeableMemory: () => (64 - acu * 1.55) * 1024 ** 3,
        ServerlessDatabaseCapacity: byHour(acu, 0.3),
        ACUUtilization: byHour((acu * 100) / 32, 0.3),
        DBLoad: byHour(2.7),
        DBLoadCPU: byHour(2.1),
        DBLoadNonCPU: byHour(0.6),
      },
      events: [],
      load: loadOf(
        { CPU: 2.1, "IO:XactSync": 0.4, "IO:DataFileRead": 0.2 },
        [
          {
            sql: "SELECT * FROM slots WHERE venue_id = $1 AND day = $2",
            waits: { CPU: 0.8, "IO:DataFileRead": 0.1 },
          },
          { sql: "SELECT * FROM guests WHERE phone = $1", waits: { CPU: 0.6 } },
          {
            sql: "INSERT INTO bookings (slot_id, guest_id) VALUES ($1, $2)",
            waits: { CPU: 0.3, "IO:XactSync": 0.4 },
          },
        ],
        { booking: 2.5, backoffice: 0.2 },
      ),
      alarm: above("ServerlessDatabaseCapacity", 16, [16.5, 17, 17], 14),
      way: "probe-failed",
    };
  },
});
