import { calmRds } from "../support/outside/calm.ts";
import { byHour, even, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "dispatch-mysql";
const since = 21;

const calm = withDays(
  calmRds({ engine: "mysql", vcpus: 4, memoryGib: 32, freeGib: 231, connections: 171, cpu: 33, iops: 1450 }),
);

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Made Multi-AZ at work: the second volume loads from its snapshot, a write takes 17 ms at 760 of 12000 IOPS, and every commit waits for its binary log",
  world: (dice) => {
    const binlog = dice.number(54, 59) / 10;
    const total = binlog + 8.4;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(calm["CPUUtilization"] ?? byHour(33), since, 27),
        DatabaseConnections: turns(calm["DatabaseConnections"] ?? byHour(171), since, 204),
        WriteLatency: turns(byHour(0.0013, 0.05), since, 0.0171),
        WriteIOPS: turns(byHour(870), since, 760),
        WriteThroughput: turns(byHour(18e6), since, 15.4e6),
        DiskQueueDepth: turns(byHour(1.5), since, 13.4),
        DBLoad: even(turns(byHour(1.9), since, total)),
        DBLoadCPU: even(turns(byHour(1.3), since, 1.2)),
        DBLoadNonCPU: even(turns(byHour(0.6), since, total - 1.2)),
      },
      events: [
        told(
          id,
          since,
          "configuration change",
          "Finished applying modification to convert to a Multi-AZ DB Instance",
        ),
        told(
          id,
          since + 52,
          "configuration change",
          "Applying modification to convert to a Multi-AZ DB Instance",
        ),
        told(id, since + 40, "backup", "Finished DB Instance backup"),
        told(id, since + 51, "backup", "Backing up DB instance"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 54).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: "multiAZ=true, applyImmediately=true",
          error: null,
        },
      ],
      load: loadOf(
        {
          "wait/io/file/sql/binlog": binlog,
          "wait/synch/cond/sql/MYSQL_BIN_LOG::COND_done": 4.3,
          "wait/io/file/innodb/innodb_log_file": 2.1,
          CPU: 1.2,
          "wait/io/table/sql/handler": 0.8,
        },
        [
          {
            sql: "COMMIT",
            waits: {
              "wait/io/file/sql/binlog": binlog - 1.4,
              "wait/synch/cond/sql/MYSQL_BIN_LOG::COND_done": 3.3,
              "wait/io/file/innodb/innodb_log_file": 1.3,
            },
          },
          {
            sql: "UPDATE `stops` SET `eta` = ? , `updated_at` = ? WHERE `id` = ?",
            waits: {
              "wait/io/file/sql/binlog": 0.9,
              "wait/synch/cond/sql/MYSQL_BIN_LOG::COND_done": 0.7,
              "wait/io/file/innodb/innodb_log_file": 0.5,
              CPU: 0.2,
            },
          },
          {
            sql: "INSERT INTO `vehicle_positions` ( `vehicle_id` , `lat` , `lng` , `at` ) VALUES (...)",
            waits: {
              "wait/io/file/sql/binlog": 0.5,
              "wait/synch/cond/sql/MYSQL_BIN_LOG::COND_done": 0.3,
              "wait/io/file/innodb/innodb_log_file": 0.3,
              CPU: 0.1,
            },
          },
          {
            sql: "SELECT * FROM `routes` WHERE `depot_id` = ? AND `day` = ?",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.6 },
          },
        ],
        { dispatch_api: total * 0.62, dispatch_ingest: total * 0.38 },
      ),
      alarm: above("WriteLatency", 0.01, [0.0164, 0.0177, 0.0169], 17),
      way: "probe-failed",
    };
  },
});
