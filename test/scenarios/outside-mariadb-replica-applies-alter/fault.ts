import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "crm-ro-1";
const source = "crm";
const gib = 1024 ** 3;

const calm = calmRds({
  engine: "mariadb",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 131,
  connections: 54,
  cpu: 19,
  iops: 340,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The replica rebuilds a large table as its source did an hour ago: behind by a second each second, but at work",
  world: (dice) => {
    const minutes = dice.number(24, 38);
    const of = { Engine: "mariadb", EngineVersion: "10.11.13", DBInstanceClass: "db.r6g.large" };
    const alter = "ALTER TABLE `order_lines` MODIFY COLUMN `sku` VARCHAR (?) NOT NULL";
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Status: "replicating", Normal: true }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...of, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: {
        ...calm,
        ReplicaLag: (ago) => (ago >= minutes ? 0 : (minutes - ago) * 60),
        CPUUtilization: steps(19, 58, minutes),
        WriteIOPS: steps(204, 1180, minutes),
        WriteThroughput: steps(4.3e6, 41e6, minutes),
        ReadThroughput: steps(2.4e6, 21e6, minutes),
        ReadIOPS: steps(136, 620, minutes),
        DiskQueueDepth: steps(0.4, 1.9, minutes),
        FreeStorageSpace: moves(131 * gib, 108 * gib, minutes),
        DBLoad: steps(0.5, 1.6, minutes),
        DBLoadCPU: steps(0.4, 1.1, minutes),
        DBLoadNonCPU: steps(0.1, 0.5, minutes),
        [`${source}/CPUUtilization`]: () => 31,
        [`${source}/DatabaseConnections`]: () => 141,
        [`${source}/FreeableMemory`]: () => 3.6 * gib,
        [`${source}/WriteIOPS`]: () => 230,
        [`${source}/DBLoad`]: () => 0.8,
      },
      events: nightlyBackup(source),
      load: loadOf(
        { CPU: 1.1, "wait/io/file/innodb/innodb_data_file": 0.3, "wait/io/table/sql/handler": 0.2 },
        [
          { sql: alter, waits: { CPU: 0.7, "wait/io/file/innodb/innodb_data_file": 0.3 } },
          { sql: "SELECT * FROM `contacts` WHERE `account_id` = ?", waits: { CPU: 0.3 } },
        ],
        { "system user": 1, crm_ro: 0.5 },
      ),
      alarm: above("ReplicaLag", 600, [612, 673, 731], minutes - 13, "Maximum"),
      way: "probe-failed",
    };
  },
});
