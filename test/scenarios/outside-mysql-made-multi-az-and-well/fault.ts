import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "ledger-db";
const calm = calmRds({
  engine: "mysql",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 120,
  connections: 140,
  cpu: 38,
  iops: 900,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The instance was made Multi-AZ this morning: each commit now goes to two volumes, a little slower and well",
  world: (dice) => {
    const since = dice.number(95, 130);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
        }),
      ],
      metrics: {
        ...calm,
        WriteLatency: steps(0.0013, 0.0036, since),
        DBLoad: steps(1.5, 1.75, since),
        DBLoadNonCPU: steps(0.35, 0.6, since),
        DiskQueueDepth: steps(1.1, 2.3, since),
      },
      events: [
        ...nightlyBackup(id),
        told(
          id,
          since + 21,
          "configuration change",
          "Applying modification to convert to a Multi-AZ DB Instance",
        ),
        told(
          id,
          since,
          "configuration change",
          "Finished applying modification to convert to a Multi-AZ DB Instance",
        ),
      ],
      load: loadOf(
        { cpu: 1.15, "wait/io/file/innodb/innodb_log_file": 0.4, "wait/io/file/sql/binlog": 0.15 },
        [
          {
            sql: "INSERT INTO `postings` ( `account` , `cents` , `booked_at` ) VALUES (...)",
            waits: { cpu: 0.4, "wait/io/file/innodb/innodb_log_file": 0.3 },
          },
          { sql: "SELECT `cents` FROM `balances` WHERE `account` = ?", waits: { cpu: 0.6 } },
        ],
        { ledger: 1.4, reporting: 0.3 },
      ),
      alarm: above("WriteLatency", 0.003, [0.0035, 0.0037, 0.0036], 12),
      way: "probe-failed",
    };
  },
});
