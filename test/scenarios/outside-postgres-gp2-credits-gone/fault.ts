import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "warehouse-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A reindexing job has eaten the burst credits of a gp2 volume: 600 IOPS and no more, everything waits",
  world: (dice) => {
    const up = dice.number(9, 12);
    const waiting = dice.number(17, 24);
    const instance = instanceOf(id, {
      Engine: "postgres",
      EngineVersion: "15.12",
      DBInstanceClass: "db.m5.xlarge",
      AllocatedStorage: 200,
      StorageType: "gp2",
    });
    // Of gp2 RDS tells neither.
    const { Iops: _iops, StorageThroughput: _throughput, ...described } = instance;
    return {
      instances: [described],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 91,
          connections: 74,
          cpu: 29,
          iops: 480,
        }),
        // 2,900 IOPS against an income of 600 for half an hour, then nothing is left.
        BurstBalance: (ago) =>
          ago > 40 ? 99 : ago > up ? 0.6 + (98.4 * (ago - up)) / (40 - up) : dice.number(0, 1) * 0.3,
        ReadIOPS: even((ago) => (ago > 40 ? 192 : ago > up ? 2310 : 405)),
        WriteIOPS: even((ago) => (ago > 40 ? 288 : ago > up ? 590 : 193)),
        ReadLatency: steps(0.0009, 0.041, up),
        WriteLatency: steps(0.0015, 0.063, up),
        ReadThroughput: (ago) => (ago > 40 ? 3.4e6 : ago > up ? 88e6 : 15.6e6),
        DiskQueueDepth: steps(0.8, 27, up),
        CPUUtilization: steps(33, 14, up),
        DatabaseConnections: moves(74, 133, up),
        DBLoad: steps(2.6, waiting + 2, up),
        DBLoadCPU: steps(1.1, 0.5, up),
        DBLoadNonCPU: steps(1.5, waiting + 1.5, up),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "IO:DataFileRead": waiting * 0.71,
          "IO:WALSync": waiting * 0.13,
          "LWLock:WALWrite": waiting * 0.1,
          CPU: 0.5,
        },
        [
          {
            sql: "SELECT p.id, p.sku, s.on_hand FROM products p JOIN stock s ON s.product_id = p.id WHERE p.sku = ANY(?)",
            waits: { "IO:DataFileRead": waiting * 0.24 },
          },
          {
            sql: "SELECT id, body FROM products WHERE id > ? ORDER BY id LIMIT ?",
            waits: { "IO:DataFileRead": waiting * 0.22, CPU: 0.2 },
          },
          {
            sql: "UPDATE stock SET on_hand = on_hand - ? WHERE product_id = ?",
            waits: { "IO:WALSync": waiting * 0.12, "LWLock:WALWrite": waiting * 0.1 },
          },
          {
            sql: "SELECT * FROM shipments WHERE order_id = ?",
            waits: { "IO:DataFileRead": waiting * 0.15 },
          },
        ],
        { web: waiting * 0.7, search_indexer: waiting * 0.25 },
      ),
      alarm: above("ReadLatency", 0.02, [0.038, 0.042, 0.041], up - 4),
      way: "probe-failed",
    };
  },
});
