import { calmRds } from "../support/outside/calm.ts";
import { byHour, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "ticketing-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Nothing is wrong: each write also goes to the second zone and takes three milliseconds, as every day; somebody has set an alarm at what it always is",
  world: (dice) => {
    const latency = dice.number(31, 33) / 10_000;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 450,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 187,
            connections: 141,
            cpu: 37,
            iops: 1200,
          }),
        ),
        WriteLatency: usual(latency),
        ReadLatency: usual(0.0008),
        DiskQueueDepth: byHour(2.7),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.1, "wait/io/file/innodb/innodb_log_file": 0.2, "wait/io/file/sql/binlog": 0.1 },
        [
          { sql: "SELECT * FROM seats WHERE event_id = ? AND state = ?", waits: { CPU: 0.6 } },
          {
            sql: "INSERT INTO holds ( seat_id , until_at ) VALUES (...)",
            waits: { "wait/io/file/innodb/innodb_log_file": 0.1, CPU: 0.1 },
          },
        ],
        { tickets: 1.3, backoffice: 0.1 },
      ),
      changes: [
        {
          at: ago(11_300).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${id}, maxAllocatedStorage=900, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: above("WriteLatency", 0.003, [0.0032, 0.0031, 0.0033], 21),
      way: "probe-failed",
    };
  },
});
