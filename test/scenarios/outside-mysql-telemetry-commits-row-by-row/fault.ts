import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "fleet-telemetry";
const group = "wait/synch/cond/sql/MYSQL_BIN_LOG::COND_done";
const binlog = "wait/io/file/sql/binlog";
const redo = "wait/io/file/innodb/innodb_log_file";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Vehicles report three times as often, each position a transaction of its own: they stand before the commit",
  world: (dice) => {
    const waiting = dice.number(121, 131) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.4",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 203,
            connections: 180,
            cpu: 22,
            iops: 2000,
          }),
        ),
        ReadIOPS: steps(300, 320, 34),
        ReadThroughput: steps(5.4e6, 5.6e6, 34),
        WriteIOPS: steps(1700, 4900, 34),
        WriteThroughput: steps(24e6, 69e6, 34),
        WriteLatency: steps(0.0016, 0.0019, 34),
        BinLogDiskUsage: moves(0.4e9, 1.1e9, 34),
        DiskQueueDepth: steps(2.9, 9.7, 34),
        CPUUtilization: steps(22, 45, 34),
        DatabaseConnections: steps(180, 322, 33),
        NetworkReceiveThroughput: steps(1.6e6, 4.2e6, 34),
        DBLoad: steps(3.4, waiting + 10.1, 34),
        DBLoadCPU: steps(0.8, 1.7, 34),
        DBLoadNonCPU: steps(2.6, waiting + 8.4, 34),
      },
      events: [
        told(
          id,
          318,
          "configuration change",
          "Updated parameter long_query_time to 1 with apply method immediate",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { [group]: waiting, [binlog]: 4.9, [redo]: 2.7, CPU: 1.7, "wait/io/table/sql/handler": 0.8 },
        [
          {
            sql: "INSERT INTO `vehicle_positions` ( `vehicle_id` , `lat` , `lon` , `speed` , `recorded_at` ) VALUES (...)",
            waits: {
              [group]: waiting * 0.83,
              [binlog]: 4.1,
              [redo]: 2.3,
              CPU: 0.9,
              "wait/io/table/sql/handler": 0.3,
            },
          },
          {
            sql: "UPDATE `vehicles` SET `last_seen` = ? WHERE `id` = ?",
            waits: { [group]: waiting * 0.14, [binlog]: 0.6, [redo]: 0.3, CPU: 0.2 },
          },
          { sql: "COMMIT", waits: { [group]: waiting * 0.03, [binlog]: 0.2, [redo]: 0.1 } },
          {
            sql: "SELECT * FROM `vehicle_positions` WHERE `vehicle_id` = ? ORDER BY `recorded_at` DESC LIMIT ?",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.4 },
          },
        ],
        { ingest: waiting + 8.8, tracking_web: 1.3 },
      ),
      alarm: above("DBLoad", 8, [21.4, 23.2, 22.7], 29),
      way: "probe-failed",
    };
  },
});
