import { calmRds } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "mandate-docs";
const data = "io/file/innodb/innodb_data_file";
const since = 52;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A list of a client's documents reads what no cache holds: the volume gives its 3,000 a second, and everything waits for reads",
  world: (dice) => {
    const list = dice.number(185, 192) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 300,
          Iops: 3000,
          StorageThroughput: 125,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 96,
            connections: 118,
            cpu: 29,
            iops: 700,
          }),
        ),
        CPUUtilization: steps(29, 26, since),
        DatabaseConnections: steps(118, 151, since - 2),
        // 2,760 + 235 a second of 3,000; 11 ms each: some 33 in flight.
        ReadIOPS: even(steps(290, 2760, since)),
        WriteIOPS: steps(410, 235, since),
        ReadThroughput: even(steps(5.2e6, 45.4e6, since)),
        WriteThroughput: steps(8.7e6, 5.1e6, since),
        ReadLatency: steps(0.0008, 0.0111, since),
        WriteLatency: steps(0.0015, 0.0094, since),
        DiskQueueDepth: steps(0.9, 32.6, since),
        DBLoad: steps(1.3, list + 6.1, since),
        DBLoadCPU: steps(0.9, 1.2, since),
        DBLoadNonCPU: steps(0.4, list + 4.9, since),
      },
      events: [
        told(id, 171, "backup", "Manual snapshot created"),
        told(id, 183, "backup", "Creating manual snapshot"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          [data]: list + 3.1,
          CPU: 1.2,
          "io/table/sql/handler": 0.9,
          "io/file/innodb/innodb_log_file": 0.6,
          "io/file/sql/binlog": 0.3,
        },
        [
          {
            sql: "SELECT `d` . * FROM `documents` `d` WHERE `d` . `mandate_id` = ? AND `d` . `archived` = ? ORDER BY `d` . `uploaded_at` DESC LIMIT ?",
            waits: { [data]: list, CPU: 0.3, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "SELECT * FROM `mandates` WHERE `client_id` = ? AND `state` = ?",
            waits: { [data]: 1.4, CPU: 0.2, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "INSERT INTO `audit_entries` VALUES (...)",
            waits: { [data]: 0.9, "io/file/innodb/innodb_log_file": 0.6, "io/file/sql/binlog": 0.3 },
          },
          { sql: "SELECT `id` , `email` FROM `users` WHERE `id` = ?", waits: { CPU: 0.3, [data]: 0.3 } },
        ],
        { portal: list + 2.1, api: 3.2, audit: 0.8 },
      ),
      alarm: above("ReadLatency", 0.01, [0.0108, 0.0113, 0.0111, 0.0106, 0.0115], since - 9),
      way: "probe-failed",
    };
  },
});
