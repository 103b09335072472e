import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "booking-1";
const reader = "booking-2";
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.8",
  DBInstanceClass: "db.serverless",
  DBClusterIdentifier: "booking",
};

const cluster = clusterOf("booking", [id, reader], {
  Engine: "aurora-postgresql",
  EngineVersion: "16.8",
  ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 16 },
});

function loadWith(load: number) {
  return loadOf(
    { CPU: load * 0.93, "IO:XactSync": 1.2, "LWLock:WALInsert": 0.6 },
    [
      { sql: "SELECT * FROM slots WHERE venue_id = ? AND day = ?", waits: { CPU: load * 0.3 } },
      { sql: "SELECT * FROM prices WHERE slot_id = ?", waits: { CPU: load * 0.27 } },
      {
        sql: "INSERT INTO bookings ( slot_id, guest_id ) VALUES (?, ?)",
        waits: { CPU: load * 0.2, "IO:XactSync": 1.2 },
      },
    ],
    { booking_web: load },
  );
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "Serverless v2 stands at its maximum of 16 ACU with the CPU used up by many statements",
  world: (dice) => {
    const load = dice.number(29, 38);
    const { FreeLocalStorage, ...calm } = calmAurora({
      engine: "postgres",
      vcpus: 4,
      memoryGib: 32,
      connections: 170,
      cpu: 31,
      iops: 500,
    });
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster,
      metrics: {
        ...calm,
        CPUUtilization: steps(31, 97, 19),
        ServerlessDatabaseCapacity: (ago) => (ago > 24 ? 6 : ago > 18 ? moves(6, 16, 6)(ago - 18) : 16),
        ACUUtilization: (ago) => (ago > 24 ? 37 : ago > 18 ? moves(37, 100, 6)(ago - 18) : 100),
        FreeableMemory: steps(9.8e9, 7.7e9, 19),
        DBLoad: steps(1.7, load, 19),
        DBLoadCPU: steps(1.4, load * 0.93, 19),
        DBLoadNonCPU: steps(0.3, load * 0.07, 19),
        CommitThroughput: steps(210, 690, 19),
        NetworkTransmitThroughput: steps(5e6, 18e6, 19),
        DatabaseConnections: steps(170, 394, 19),
        ...calmReader(reader, 32),
      },
      events: [],
      load: loadWith(load),
      alarm: above("CPUUtilization", 90, [96, 97, 97], 15),
      way: "probe-failed",
    };
  },
});
