import { calmRds } from "../support/outside/calm.ts";
import { during, moves, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "invoices-prod";
const replica = "invoices-prod-reader";

const instances = [
  instanceOf(id, {
    Engine: "mariadb",
    EngineVersion: "10.11.9",
    DBInstanceClass: "db.r6g.xlarge",
    MultiAZ: true,
    AllocatedStorage: 600,
    Iops: 12_000,
    StorageThroughput: 500,
    ReadReplicaDBInstanceIdentifiers: [replica],
  }),
  instanceOf(replica, {
    Engine: "mariadb",
    EngineVersion: "10.11.9",
    DBInstanceClass: "db.r6g.xlarge",
    ReadReplicaSourceDBInstanceIdentifier: id,
    StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
    AllocatedStorage: 600,
    Iops: 12_000,
    StorageThroughput: 500,
  }),
];

const fill = "UPDATE `line_items` SET `net_cents` = ? WHERE `id` BETWEEN ? AND ? AND `net_cents` IS NULL";
const read = "SELECT * FROM `line_items` WHERE `invoice_id` = ?";

export const scenario = defineOutside({
  engine: "mariadb",
  title: "A new column is filled in small chunks with rests between; writes are up, and nothing suffers",
  world: (dice) => {
    const writes = dice.number(1180, 1320);
    const calm = calmRds({
      engine: "mariadb",
      vcpus: 4,
      memoryGib: 32,
      freeGib: 392,
      connections: 118,
      cpu: 29,
      iops: 700,
    });
    return {
      instances,
      metrics: {
        ...calm,
        FreeStorageSpace: moves(398 * gib, 392 * gib, 95),
        BinLogDiskUsage: moves(0.4 * gib, 4.6 * gib, 95),
        WriteIOPS: (ago) => (ago <= 80 && ago >= 70 ? 1650 : during(95, 0, writes, 420)(ago)),
        WriteThroughput: during(95, 0, 31e6, 8.8e6),
        WriteLatency: during(95, 0, 0.0017, 0.0015),
        CPUUtilization: during(95, 0, 41, 29),
        DBLoad: during(95, 0, 2.0, 1.2),
        DBLoadCPU: during(95, 0, 1.2, 0.9),
        DBLoadNonCPU: during(95, 0, 0.8, 0.3),
        [`${replica}/CPUUtilization`]: during(95, 0, 22, 13),
        [`${replica}/ReplicaLag`]: during(95, 0, 4, 0.4),
        [`${replica}/WriteIOPS`]: during(95, 0, writes * 0.9, 400),
        [`${replica}/DatabaseConnections`]: usual(31),
        [`${replica}/DBLoad`]: during(95, 0, 0.9, 0.4),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.2, "wait/io/aio/innodb/innodb_data_file": 0.4, "wait/io/file/sql/binlog": 0.3 },
        [
          { sql: fill, waits: { CPU: 0.3, "wait/io/file/sql/binlog": 0.2 } },
          { sql: read, waits: { CPU: 0.5 } },
        ],
        { invoices_app: 1.4, migrator: 0.5 },
      ),
      alarm: { ...above("WriteIOPS", 1500, [1622, 1671, 1640], 71), state: "OK" },
      way: "probe-failed",
    };
  },
});
