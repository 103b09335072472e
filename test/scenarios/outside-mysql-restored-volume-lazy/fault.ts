import { calmRds } from "../support/outside/calm.ts";
import { type Curve, type Curves, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "archive-db-restored";

const calm = calmRds({
  engine: "mysql",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 230,
  connections: 64,
  cpu: 13,
  iops: 480,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Restored from a snapshot an hour ago: what is touched first comes from S3, reads take 40 ms at few IOPS",
  world: (dice) => {
    const born = dice.number(48, 66);
    const slow = dice.number(34, 52) / 1000;
    const since = (curve: Curve): Curve => Object.assign((at: number) => (at > born ? null : curve(at)), {});
    const metrics: Curves = {
      ...calm,
      ReadLatency: usual(slow),
      ReadIOPS: usual(310),
      ReadThroughput: usual(5.1e6),
      WriteLatency: usual(0.0019),
      DiskQueueDepth: usual(310 * slow),
      DBLoad: usual(13),
      DBLoadCPU: usual(0.5),
      DBLoadNonCPU: usual(12.4),
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          InstanceCreateTime: ago(born),
        }),
      ],
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, curve]) => [name, since(curve)])),
      events: [
        told(id, born, "restoration", "Restored from snapshot archive-db-before-migration."),
        told(id, born - 2, "creation", "DB instance created"),
        told(id, born - 4, "backup", "Backing up DB instance"),
        told(id, born - 9, "backup", "Finished DB Instance backup"),
      ],
      changes: [
        {
          at: ago(born + 12).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RestoreDBInstanceFromDBSnapshot",
          by: "ana",
          detail: `dBInstanceIdentifier=${id}, dBSnapshotIdentifier=archive-db-before-migration`,
          error: null,
        },
      ],
      load: loadOf(
        { "wait/io/file/innodb/innodb_data_file": 12.1, CPU: 0.5, "wait/io/table/sql/handler": 0.3 },
        [
          {
            sql: "SELECT * FROM `documents` WHERE `case_id` = ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 5.1, CPU: 0.2 },
          },
          {
            sql: "SELECT `id`, `title` FROM `cases` WHERE `id` = ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 3.9, CPU: 0.1 },
          },
          {
            sql: "SELECT * FROM `notes` WHERE `case_id` = ? ORDER BY `id` DESC LIMIT ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 2.8, CPU: 0.1 },
          },
        ],
        { archive: 12.8 },
      ),
      alarm: above("ReadLatency", 0.02, [slow, slow * 1.08, slow * 0.97], born - 15),
      way: "probe-failed",
    };
  },
});
