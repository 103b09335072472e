import { calmRds } from "../support/outside/calm.ts";
import { even, moves, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "orders-prod-replica";
const source = "orders-prod";

/** Of gp2 RDS gives neither operations nor throughput. */
const {
  Iops: _iops,
  StorageThroughput: _throughput,
  ...described
} = instanceOf(id, {
  Engine: "mysql",
  EngineVersion: "8.0.40",
  DBInstanceClass: "db.r6g.large",
  ReadReplicaSourceDBInstanceIdentifier: source,
  StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
  AllocatedStorage: 100,
  StorageType: "gp2",
  BackupRetentionPeriod: 0,
});

const instances = [
  described,
  instanceOf(source, {
    Engine: "mysql",
    EngineVersion: "8.0.40",
    DBInstanceClass: "db.r6g.xlarge",
    MultiAZ: true,
    AllocatedStorage: 200,
    StorageType: "io1",
    Iops: 4000,
    ReadReplicaDBInstanceIdentifiers: [id],
  }),
];

export const scenario = defineOutside({
  engine: "mysql",
  title: "The replica's small gp2 volume has no bursts left for what its source writes; it falls behind",
  world: (dice) => {
    const lag = dice.number(2400, 2900);
    const calm = calmRds({
      engine: "mysql",
      vcpus: 2,
      memoryGib: 16,
      freeGib: 38,
      connections: 22,
      cpu: 14,
      iops: 300,
    });
    return {
      instances,
      metrics: {
        ...calm,
        BurstBalance: (ago) => (ago <= 55 ? 0 : Math.min(96, (ago - 55) / 3.4)),
        ReadIOPS: even((ago) => (ago <= 55 ? 96 : 180)),
        WriteIOPS: even((ago) => (ago <= 55 ? 204 : 520)),
        ReadLatency: moves(0.0012, 0.034, 54),
        WriteLatency: moves(0.0018, 0.041, 54),
        DiskQueueDepth: moves(0.9, 13, 54),
        ReplicaLag: moves(0, lag, 54),
        DBLoad: moves(0.4, 1.5, 54),
        DBLoadCPU: usual(0.2),
        DBLoadNonCPU: moves(0.2, 1.3, 54),
        [`${source}/CPUUtilization`]: usual(36),
        [`${source}/WriteIOPS`]: usual(790),
        [`${source}/ReadIOPS`]: usual(210),
        [`${source}/WriteLatency`]: usual(0.0009),
        [`${source}/DatabaseConnections`]: usual(190),
        [`${source}/DBLoad`]: usual(1.4),
      },
      events: [
        told(source, 60 * 19, "configuration change", "Updated to use DBParameterGroup orders-prod-params"),
        ...nightlyBackup(source),
      ],
      load: loadOf(
        { "wait/io/file/innodb/innodb_data_file": 0.9, "wait/io/file/innodb/innodb_log_file": 0.3, CPU: 0.2 },
        [
          {
            sql: "UPDATE `order_lines` SET `packed_at` = ? WHERE `id` = ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 0.6 },
          },
        ],
        { rdsrepladmin: 1.2, dashboards: 0.2 },
      ),
      alarm: above("ReplicaLag", 600, [1804, 1861, 1917], 16),
      way: "probe-failed",
    };
  },
});
