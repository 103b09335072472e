import { calmRds } from "../support/outside/calm.ts";
import { type Curve, even, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "parcels-maria";
const data = "wait/io/file/innodb/innodb_data_file";
const began = 72;
const gone = 26;

/** As usual, while there are credits, and since they are used up. */
function staged(before: number, bursting: number, after: number): Curve {
  return (ago) => (ago > began ? usual(before)(ago) : ago > gone ? bursting : after);
}

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "An export reads the largest table: the class's byte credits are used up, and the volume could give three times as much",
  world: (dice) => {
    const others = dice.number(92, 102) / 10;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.8",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 2500,
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
            freeGib: 610,
            connections: 130,
            cpu: 27,
            iops: 1100,
          }),
        ),
        // 1,150 Mbit/s are 143.75 MB/s.
        ReadThroughput: even(staged(14e6, 410e6, 118e6)),
        WriteThroughput: even(steps(17e6, 24e6, gone)),
        ReadIOPS: even(staged(440, 6400, 1850)),
        WriteIOPS: even(steps(660, 700, gone)),
        ReadLatency: staged(0.0008, 0.0018, 0.019),
        WriteLatency: staged(0.0015, 0.0019, 0.011),
        DiskQueueDepth: staged(1.3, 12.8, 42.9),
        "EBSByteBalance%": (ago) =>
          ago > began ? 99 : ago > gone ? (99 * (ago - gone)) / (began - gone) : 0,
        "EBSIOBalance%": usual(98),
        CPUUtilization: staged(27, 51, 36),
        DatabaseConnections: staged(130, 147, 168),
        NetworkTransmitThroughput: staged(4e6, 380e6, 104e6),
        DBLoad: staged(1.2, 16.1, others + 23.3),
        DBLoadCPU: staged(0.8, 1.9, 1.6),
        DBLoadNonCPU: staged(0.4, 14.2, others + 21.7),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          [data]: others + 15.2,
          "wait/io/file/innodb/innodb_log_file": 2.6,
          "wait/io/table/sql/handler": 2.1,
          "wait/io/file/sql/binlog": 1.8,
          CPU: 1.6,
        },
        [
          {
            sql: "SELECT * FROM `shipment_events` WHERE `id` BETWEEN ? AND ?",
            waits: { [data]: 12.7, "wait/io/table/sql/handler": 0.7, CPU: 0.5 },
          },
          { sql: "SELECT * FROM `shipments` WHERE `tracking_no` = ?", waits: { [data]: others, CPU: 0.6 } },
          {
            sql: "UPDATE `shipments` SET `status` = ? , `updated_at` = ? WHERE `id` = ?",
            waits: {
              [data]: 1.6,
              "wait/io/file/innodb/innodb_log_file": 2.4,
              "wait/io/file/sql/binlog": 1.7,
              CPU: 0.2,
            },
          },
          {
            sql: "SELECT `depot_id` , `slot` FROM `routes` WHERE `day` = ?",
            waits: { [data]: 0.9, "wait/io/table/sql/handler": 1.4, CPU: 0.3 },
          },
        ],
        { lake_export: 13.9, track_api: others + 3.3, depot: 6.1 },
      ),
      alarm: above("ReadLatency", 0.01, [0.0187, 0.0192, 0.0189], 22),
      way: "probe-failed",
    };
  },
});
