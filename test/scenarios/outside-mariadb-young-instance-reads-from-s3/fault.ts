import { calmRds } from "../support/outside/calm.ts";
import { type Curve, type Curves, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "branch-db-copy";

const calm = calmRds({
  engine: "mariadb",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 230,
  connections: 64,
  cpu: 13,
  iops: 480,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "An hour old and slow at its first reads: made from a snapshot, of which no event and no call is left",
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
          Engine: "mariadb",
          EngineVersion: "11.4.5",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          InstanceCreateTime: ago(born),
        }),
      ],
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, curve]) => [name, since(curve)])),
      // Nothing tells of what it was made: the events are lost, and CloudTrail may not be read.
      events: [told(id, born - 4, "backup", "Backing up DB instance")],
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
