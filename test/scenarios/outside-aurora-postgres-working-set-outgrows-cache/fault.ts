import { calmAurora, calmReader } from "../support/outside/calm.ts";
import type { Curve } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["telemetry-pg-1", "telemetry-pg-2"] as const;
const dayMinutes = 1440;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "telemetry-pg",
};

/** As a week ago until five days ago; since then on to what is now. */
function outgrown(then: number, now: number): Curve {
  return (ago) => then + (now - then) * Math.max(0, 1 - ago / (5 * dayMinutes)) ** 2;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A big tenant came five days ago: what is used no longer fits into 16 GiB, and every statement waits for its pages",
  world: (dice) => {
    const waiting = dice.number(86, 96) / 10;
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("telemetry-pg", ids, { Engine: "aurora-postgresql", EngineVersion: "15.8" }),
      maintenance: [
        {
          resource: ids[0],
          action: "db-upgrade",
          description: "Minor version 15.10 is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: ago(-60 * 24 * 12).toISOString(),
        },
      ],
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 118, cpu: 44, iops: 900 }),
        ...calmReader(ids[1], 16),
        BufferCacheHitRatio: outgrown(99.6, 90.8),
        // 8,200 reads of 1.1 ms are nine sessions that wait.
        ReadIOPS: outgrown(410, 8200),
        ReadLatency: outgrown(0.0007, 0.0011),
        ReadThroughput: outgrown(410 * 8192, 8200 * 8192),
        DiskQueueDepth: outgrown(0.5, 9.4),
        CPUUtilization: outgrown(44, 68),
        DatabaseConnections: outgrown(118, 157),
        DBLoad: outgrown(1.4, waiting + 2.6),
        DBLoadCPU: outgrown(1, 1.7),
        DBLoadNonCPU: outgrown(0.4, waiting + 0.9),
        VolumeBytesUsed: outgrown(310 * 1024 ** 3, 388 * 1024 ** 3),
      },
      events: [],
      load: loadOf(
        {
          "IO:DataFileRead": waiting,
          CPU: 1.7,
          "IO:XactSync": 0.5,
          "LWLock:BufferIO": 0.4,
        },
        [
          {
            sql: "SELECT r.* FROM readings r WHERE r.device_id = ? AND r.at > ? ORDER BY r.at DESC LIMIT ?",
            waits: { "IO:DataFileRead": waiting * 0.21, CPU: 0.3 },
          },
          {
            sql: "SELECT d.id , d.name , d.site_id FROM devices d WHERE d.site_id = ?",
            waits: { "IO:DataFileRead": waiting * 0.17, CPU: 0.3 },
          },
          {
            sql: "INSERT INTO readings ( device_id , at , kind , value ) VALUES ( ? , ? , ? , ? )",
            waits: { "IO:DataFileRead": waiting * 0.15, "IO:XactSync": 0.4, CPU: 0.3 },
          },
          {
            sql: "SELECT a.* FROM alerts a WHERE a.site_id = ? AND a.closed_at IS NULL",
            waits: { "IO:DataFileRead": waiting * 0.14, CPU: 0.2 },
          },
          {
            sql: "UPDATE devices SET last_reading_at = ? WHERE id = ?",
            waits: { "IO:DataFileRead": waiting * 0.12, "IO:XactSync": 0.1, CPU: 0.2 },
          },
          {
            sql: "SELECT s.settings FROM sites s JOIN tenants t ON t.id = s.tenant_id WHERE t.api_key = ?",
            waits: { "IO:DataFileRead": waiting * 0.09, CPU: 0.1 },
          },
        ],
        { telemetry_ingest: waiting * 0.4 + 1, telemetry_web: waiting * 0.6 + 1.6 },
      ),
      alarm: above("DBLoad", 8, [10.4, 11.2, 11.9], 24),
      way: "probe-failed",
    };
  },
});
