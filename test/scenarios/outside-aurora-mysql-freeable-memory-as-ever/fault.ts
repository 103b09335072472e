import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const writer = "bookings-1";
const reader = "bookings-2";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The buffer pool of an Aurora takes its three quarters as it has for months: the alarm on free memory was set too near",
  world: (dice) => {
    const left = (118 + dice.number(0, 14)) / 100;
    const aurora = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.2" };
    return {
      instances: [
        instanceOf(writer, { ...aurora, DBInstanceClass: "db.r6g.large", DBClusterIdentifier: "bookings" }),
        instanceOf(reader, { ...aurora, DBInstanceClass: "db.r6g.large", DBClusterIdentifier: "bookings" }),
      ],
      cluster: clusterOf("bookings", [writer, reader], aurora),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 140, cpu: 41, iops: 900 }),
        ...calmReader(reader, 16),
        FreeableMemory: usual(left * gib),
        SwapUsage: usual(0),
        // A few more clients since this noon, as every weekday.
        DatabaseConnections: steps(140, 152, 35),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { CPU: 0.5, "io/aurora_redo_log_flush": 0.1 },
        [
          {
            sql: "SELECT `slot_id` , `state` FROM `bookings` WHERE `venue` = ? AND `day` = ?",
            waits: { CPU: 0.2 },
          },
          { sql: "INSERT INTO `booking_events` ( `slot_id` , `kind` ) VALUES (...)", waits: { CPU: 0.1 } },
        ],
        { booking: 0.5, jobs: 0.1 },
      ),
      alarm: below("FreeableMemory", 1.35 * gib, [1.31 * gib, 1.29 * gib, 1.3 * gib], 4),
      way: "probe-failed",
    };
  },
});
