import { calmRds } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "audit-pg";
const gib = 1024 ** 3;
const mib = 1024 ** 2;

/** 264 MiB a minute since two hours and more; 20 GiB were added 118 minutes ago. */
const free: Curve = (ago) => {
  if (ago > 200) return (ago > 5000 ? 41 : 39) * gib;
  return (9 + 0.258 * ago - (ago >= 118 ? 20 : 0)) * gib;
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Autoscaling has just grown the volume and may not again for hours; a copy into the audit table fills it within the hour",
  world: (dice) => {
    const copy = dice.number(17, 21) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.r6g.xlarge",
          DBInstanceStatus: "storage-optimization",
          AllocatedStorage: 220,
          MaxAllocatedStorage: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          connections: 104,
          cpu: 31,
          iops: 380,
        }),
        FreeStorageSpace: free,
        TransactionLogsDiskUsage: usual(2.1 * gib),
        TransactionLogsGeneration: steps(0.4 * mib, 5.4 * mib, 200),
        WriteIOPS: steps(228, 940, 200),
        WriteThroughput: steps(228 * 21_000, 15 * mib, 200),
        WriteLatency: steps(0.0015, 0.0021, 200),
        DiskQueueDepth: steps(0.5, 2.1, 200),
        CPUUtilization: steps(31, 46, 200),
        DBLoad: steps(1.24, copy + 2.5, 200),
        DBLoadCPU: steps(0.95, 1.9, 200),
        DBLoadNonCPU: steps(0.29, copy + 0.6, 200),
      },
      events: [
        told(
          id,
          13,
          "low storage",
          "The DB instance audit-pg is in the cooling-off period for a previous scale storage operation. We're optimizing your DB instance. This takes at least 6 hours. The instance won't scale storage until the cooling-off period has completed.",
        ),
        told(
          id,
          118,
          "configuration change",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
        told(
          id,
          121,
          "configuration change",
          "Applying autoscaling-initiated modification to allocated storage.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: 1.9,
          "IO:DataFileExtend": copy * 0.5,
          "IO:WALWrite": copy * 0.4,
          "IO:DataFileRead": 0.3 + copy * 0.1,
          "LWLock:WALWrite": 0.3,
        },
        [
          {
            sql: "INSERT INTO audit_events (id, tenant_id, actor_id, payload, created_at) SELECT id, tenant_id, actor_id, to_jsonb(l), created_at FROM legacy_log l WHERE id BETWEEN $1 AND $2",
            waits: {
              CPU: 0.8,
              "IO:DataFileExtend": copy * 0.5,
              "IO:WALWrite": copy * 0.34,
              "IO:DataFileRead": copy * 0.1,
            },
          },
          {
            sql: "SELECT * FROM tenants WHERE id = $1",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.1 },
          },
          {
            sql: "UPDATE sessions SET seen_at = now() WHERE token = $1",
            waits: { CPU: 0.2, "IO:WALWrite": copy * 0.06, "LWLock:WALWrite": 0.2 },
          },
        ],
        { backfill: copy + 0.7, app: 1.6 },
      ),
      alarm: below("FreeStorageSpace", 10 * gib, [9.9 * gib, 9.7 * gib, 9.5 * gib], 1),
      way: "probe-failed",
    };
  },
});
