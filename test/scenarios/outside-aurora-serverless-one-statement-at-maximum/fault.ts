import { calmAurora } from "../support/outside/calm.ts";
import { even, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "parcels-0";
const cluster = "parcels";

export const scenario = defineOutside({
  engine: "postgres",
  title: "A new search by part of a tracking code drives the cluster to its sixteen capacity units",
  world: (dice) => {
    const since = dice.number(41, 47);
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-postgresql",
          EngineVersion: "16.6",
          DBInstanceClass: "db.serverless",
          DBClusterIdentifier: cluster,
        }),
      ],
      cluster: clusterOf(cluster, [id], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.6",
        ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 16 },
      }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 58, cpu: 22, iops: 260 }),
        // Of the maximum: sixteen units are some four vCPUs.
        CPUUtilization: even(steps(22, 93, since)),
        ServerlessDatabaseCapacity: even(between(since, since - 5, 5, 16)),
        ACUUtilization: even(between(since, since - 5, 31, 100)),
        DatabaseConnections: steps(58, 71, since),
        DBLoad: steps(0.9, 11.6, since),
        DBLoadCPU: steps(0.7, 11.1, since),
        DBLoadNonCPU: steps(0.2, 0.5, since),
        ReadIOPS: steps(104, 160, since),
      },
      events: [],
      load: loadOf(
        { CPU: 11.1, "IO:DataFileRead": 0.3, "IO:XactSync": 0.2 },
        [
          {
            sql: "SELECT e.id, e.shipment_id, e.at FROM shipment_events e WHERE e.tracking_code LIKE ? ORDER BY e.at DESC LIMIT ?",
            waits: { CPU: 9.4, "IO:DataFileRead": 0.3 },
          },
          {
            sql: "INSERT INTO shipment_scans (shipment_id, depot, at) VALUES (?, ?, ?)",
            waits: { CPU: 0.3, "IO:XactSync": 0.2 },
          },
          { sql: "SELECT s.id, s.state FROM shipments s WHERE s.id = ?", waits: { CPU: 0.9 } },
        ],
        { parcels_api: 10.6, scanner: 1 },
      ),
      alarm: above("CPUUtilization", 80, [92.4, 93.1, 92.7], since - 8),
      alsoAlarms: [above("ACUUtilization", 95, [100, 100, 100], since - 9, "Maximum")],
      way: "probe-failed",
    };
  },
});
