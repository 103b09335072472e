import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "logistics-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since a release a lookup reads a whole cached table: eight vCPUs at 97 %, nothing from the disk, an autovacuum goes on beside",
  world: (dice) => {
    const lookup = dice.number(20, 24);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.7",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: ago(-60 * 24 * 6).toISOString(),
        },
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 8,
          memoryGib: 32,
          freeGib: 231,
          connections: 142,
          cpu: 34,
          iops: 900,
        }),
        CPUUtilization: steps(34, 97, 36),
        DatabaseConnections: steps(142, 189, 34),
        ReadIOPS: steps(360, 410, 36),
        WriteIOPS: steps(540, 470, 36),
        DBLoad: steps(2.7, lookup + 7.1, 36),
        DBLoadCPU: steps(2.1, lookup + 4.4, 36),
        DBLoadNonCPU: steps(0.6, 2.7, 36),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: lookup + 4.4,
          "IO:DataFileRead": 1.1,
          "Timeout:VacuumDelay": 0.9,
          "IO:WALWrite": 0.4,
          "LWLock:BufferMapping": 0.3,
        },
        [
          {
            sql: "SELECT s.id, s.state, s.carrier_ref, s.updated_at FROM shipments s WHERE s.carrier_ref = $1 AND s.state <> $2 ORDER BY s.updated_at DESC LIMIT $3",
            waits: { CPU: lookup, "LWLock:BufferMapping": 0.2 },
          },
          {
            sql: "autovacuum: VACUUM public.tracking_events",
            waits: { "Timeout:VacuumDelay": 0.9, "IO:DataFileRead": 0.5, CPU: 0.2 },
          },
          { sql: "SELECT e.* FROM tracking_events e WHERE e.shipment_id = $1", waits: { CPU: 1.7 } },
          {
            sql: "UPDATE parcels SET position = $1, seen_at = $2 WHERE id = $3",
            waits: { CPU: 1.1, "IO:WALWrite": 0.3 },
          },
        ],
        { carrier_gateway: lookup + 0.6, tracking_api: 4.9, rdsadmin: 1.6 },
      ),
      alarm: above("CPUUtilization", 85, [94.2, 97.6, 98.1], 31),
      way: "probe-failed",
    };
  },
});
