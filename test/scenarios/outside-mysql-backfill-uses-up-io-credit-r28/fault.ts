import { calmRds } from "../support/outside/calm.ts";
import { type Curve, even, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "payments-ledger";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A backfill wrote 8,200 times a second until the class's own I/O credit was used up; db.m6g.large now gives its 3,600, whatever the volume of 12,000 could",
  world: (dice) => {
    const began = dice.number(102, 108);
    const empty = 22;
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 212,
        connections: 94,
        cpu: 31,
        iops: 1400,
      }),
    );
    const three = (before: number, burst: number, held: number): Curve => {
      const day = usual(before);
      return (minutes) => (minutes > began ? day(minutes) : minutes > empty ? burst : held);
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        "EBSIOBalance%": even(between(began, empty, 99, 0)),
        "EBSByteBalance%": even(between(began, empty, 99, 51)),
        WriteIOPS: even(three(840, 8200, 2610)),
        ReadIOPS: even(three(560, 1400, 990)),
        WriteThroughput: three(17e6, 134e6, 43e6),
        ReadThroughput: three(10e6, 23e6, 16e6),
        WriteLatency: three(0.0015, 0.0021, 0.0218),
        ReadLatency: three(0.0007, 0.0009, 0.0187),
        DiskQueueDepth: three(1.7, 18, 75),
        CPUUtilization: three(31, 58, 27),
        DatabaseConnections: three(94, 101, 171),
        BinLogDiskUsage: between(began, 0, 0.4e9, 7.9e9),
        FreeStorageSpace: between(began, 0, 228e9, 219e9),
        DBLoad: three(0.7, 5.1, 33),
        DBLoadCPU: three(0.5, 0.9, 0.4),
        DBLoadNonCPU: three(0.2, 4.2, 32.6),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(1260).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "CreateDBSnapshot",
          by: "p.okafor",
          detail: "dBInstanceIdentifier=payments-ledger, dBSnapshotIdentifier=before-fee-class",
          error: null,
        },
      ],
      load: loadOf(
        {
          "wait/io/file/innodb/innodb_data_file": 17.2,
          "wait/io/redo_log_flush": 8.4,
          "wait/io/file/sql/binlog": 6.8,
          CPU: 0.4,
        },
        [
          {
            sql: "UPDATE payments SET fee_class = ? WHERE id BETWEEN ? AND ? AND fee_class IS NULL",
            waits: { "wait/io/file/innodb/innodb_data_file": 7.1, "wait/io/redo_log_flush": 0.9 },
          },
          {
            sql: "INSERT INTO payments ( account_id , amount , currency , state ) VALUES (...)",
            waits: { "wait/io/redo_log_flush": 4.9, "wait/io/file/sql/binlog": 4.2 },
          },
          {
            sql: "SELECT * FROM payments WHERE account_id = ? ORDER BY id DESC LIMIT ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 8.8, CPU: 0.2 },
          },
        ],
        { payments_app: 24.6, backfill: 8.2 },
      ),
      alarm: above("WriteLatency", 0.01, [0.0211, 0.0224, 0.0219], 17),
      alsoAlarms: [above("DiskQueueDepth", 40, [71, 77, 74], 16)],
      way: "probe-failed",
    };
  },
});
