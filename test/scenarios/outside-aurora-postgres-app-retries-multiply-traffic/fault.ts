import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const [writer, reader] = ["timetable-1", "timetable-2"];
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "timetable",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A release of the mobile app asks again at every late answer: all statements come threefold, and none of them leads",
  world: (dice) => {
    const began = dice.number(21, 25);
    const before = {
      engine: "postgres",
      vcpus: 8,
      memoryGib: 64,
      connections: 238,
      cpu: 31,
      iops: 190,
    } as const;
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf("timetable", [writer, reader], aurora),
      metrics: {
        ...calmAurora(before),
        ...calmReader(reader, 64),
        CPUUtilization: steps(31, 98.8, began),
        DatabaseConnections: steps(238, 704, began),
        CommitThroughput: steps(210, 642, began),
        CommitLatency: steps(2.4, 6.9, began),
        NetworkReceiveThroughput: steps(2.1e6, 6.6e6, began),
        NetworkTransmitThroughput: steps(7.4e6, 22.8e6, began),
        WriteIOPS: steps(114, 348, began),
        DBLoad: steps(2.5, 21.4, began),
        DBLoadCPU: steps(1.9, 19.1, began),
        DBLoadNonCPU: steps(0.6, 2.3, began),
        FreeableMemory: steps(14.1 * 1024 ** 3, 9.8 * 1024 ** 3, began),
      },
      events: [],
      changes: [
        {
          at: ago(60 * 27).toISOString(),
          source: "cloudtrail",
          subject: "timetable-params",
          what: "ModifyDBClusterParameterGroup",
          by: "j.okafor",
          detail: "log_min_duration_statement=500",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 19.1, "IO:XactSync": 1.2, "LWLock:BufferContent": 0.6, "Client:ClientRead": 0.5 },
        [
          {
            sql: "SELECT s.id, s.departs_at FROM stop_times s WHERE s.stop_id = $1 AND s.service_day = $2 ORDER BY s.departs_at LIMIT $3",
            waits: { CPU: 3.6, "LWLock:BufferContent": 0.2 },
          },
          { sql: "SELECT * FROM trips WHERE id = $1", waits: { CPU: 3.3, "LWLock:BufferContent": 0.1 } },
          { sql: "SELECT * FROM devices WHERE token = $1", waits: { CPU: 3.1 } },
          {
            sql: "SELECT d.text FROM disruptions d WHERE d.line_id = $1 AND d.until > $2",
            waits: { CPU: 2.9 },
          },
          {
            sql: "INSERT INTO ticket_views (device_id, trip_id, at) VALUES ($1, $2, $3)",
            waits: { CPU: 1.6, "IO:XactSync": 1.2 },
          },
          { sql: "SELECT * FROM favourites WHERE device_id = $1", waits: { CPU: 1.5 } },
        ],
        { app: 20.6, backoffice: 0.8 },
      ),
      alarm: above("CPUUtilization", 90, [97.3, 98.6, 99.1], began - 6),
      way: "probe-failed",
    };
  },
});
