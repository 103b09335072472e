import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "invoicing-prod";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A backfill of a new column reads and writes as fast as it can: 3,000 IOPS of a gp3 volume and no more, all wait",
  world: (dice) => {
    const since = dice.number(18, 23);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 8,
          memoryGib: 32,
          freeGib: 88,
          connections: 132,
          cpu: 36,
          iops: 1130,
        }),
        // 1,690 and 1,310 are 3,000; times 7.4 and 9.0 ms they are 24 in the queue.
        ReadIOPS: even((ago) => (ago > since ? 620 : 1690)),
        WriteIOPS: even((ago) => (ago > since ? 510 : 1310)),
        ReadLatency: steps(0.0006, 0.0074, since),
        WriteLatency: steps(0.0011, 0.009, since),
        ReadThroughput: steps(10.1e6, 27.7e6, since),
        WriteThroughput: steps(10.7e6, 29e6, since),
        DiskQueueDepth: steps(0.9, 24.3, since),
        CPUUtilization: steps(36, 31, since),
        DatabaseConnections: steps(132, 171, since - 1),
        TransactionLogsGeneration: steps(2.1e6, 11.4e6, since),
        TransactionLogsDiskUsage: moves(1.1 * gib, 3.6 * gib, since),
        FreeStorageSpace: moves(88 * gib, 83 * gib, since),
        DBLoad: steps(3.1, 17, since),
        DBLoadCPU: steps(2.3, 2.2, since),
        DBLoadNonCPU: steps(0.8, 14.8, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "IO:DataFileRead": 8.6,
          "IO:WALSync": 3.1,
          CPU: 2.2,
          "LWLock:WALWrite": 1.6,
          "Timeout:VacuumDelay": 0.6,
          "IO:DataFileExtend": 0.5,
          "Client:ClientRead": 0.4,
        },
        [
          {
            sql: "UPDATE invoices SET buyer_region = r.code FROM regions r WHERE r.id = invoices.region_id AND invoices.id BETWEEN $1 AND $2",
            waits: { "IO:DataFileRead": 5.9, "IO:WALSync": 1.0, "IO:DataFileExtend": 0.5, CPU: 0.6 },
          },
          {
            sql: "SELECT i.* FROM invoices i WHERE i.account_id = $1 ORDER BY i.issued_at DESC LIMIT $2",
            waits: { "IO:DataFileRead": 1.4, CPU: 0.5 },
          },
          {
            sql: "INSERT INTO payment_events (invoice_id, kind, payload) VALUES ($1, $2, $3)",
            waits: { "IO:WALSync": 1.2, "LWLock:WALWrite": 0.9, CPU: 0.3 },
          },
          {
            sql: "UPDATE accounts SET balance_cents = balance_cents - $1 WHERE id = $2",
            waits: { "IO:WALSync": 0.7, "LWLock:WALWrite": 0.6, CPU: 0.2 },
          },
          {
            sql: "autovacuum: VACUUM ANALYZE public.payment_events",
            waits: { "Timeout:VacuumDelay": 0.6, "IO:DataFileRead": 0.5 },
          },
        ],
        { invoicing_migrator: 8, invoicing_api: 7.2, rdsadmin: 1.3 },
      ),
      alarm: above("ReadLatency", 0.005, [0.0069, 0.0076, 0.0073], since - 4),
      alsoAlarms: [above("DiskQueueDepth", 15, [22.8, 25.1, 24], since - 5)],
      way: "probe-failed",
    };
  },
});
