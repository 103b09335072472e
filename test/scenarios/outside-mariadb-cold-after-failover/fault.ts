import { calmRds } from "../support/outside/calm.ts";
import { type Curve, moves, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "booking-maria";
const gib = 1024 ** 3;

/** As usual, nothing while the other host takes over, and another course since. */
function acrossFailover(before: number, away: number, since: Curve): Curve {
  return (ago) => {
    if (ago > away + 2) return usual(before)(ago);
    return ago > away ? null : since(ago);
  };
}

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Multi-AZ has failed over minutes ago; clients are back, and all that they read comes from the volume",
  world: (dice) => {
    const away = dice.number(7, 9);
    const io = "wait/io/file/innodb/innodb_data_file";
    const across = (before: number, from: number, to: number) =>
      acrossFailover(before, away, moves(from, to, away));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.11",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          AvailabilityZone: "eu-central-1a",
          SecondaryAvailabilityZone: "eu-central-1b",
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mariadb",
          vcpus: 8,
          memoryGib: 64,
          freeGib: 290,
          connections: 305,
          cpu: 36,
          iops: 1500,
        }),
        CPUUtilization: across(36, 19, 25),
        DatabaseConnections: across(305, 88, 352),
        FreeableMemory: across(14 * gib, 55 * gib, 39 * gib),
        ReadIOPS: across(600, 8900, 7700),
        ReadThroughput: across(10.8e6, 142e6, 124e6),
        ReadLatency: across(0.0007, 0.0049, 0.0041),
        WriteIOPS: across(900, 480, 640),
        WriteThroughput: across(18.9e6, 10e6, 13e6),
        WriteLatency: across(0.0015, 0.0031, 0.0028),
        DiskQueueDepth: across(1.8, 43, 33),
        DBLoad: across(2.9, 31, 24),
        DBLoadCPU: across(2.2, 1.4, 1.9),
        DBLoadNonCPU: across(0.7, 29.6, 22.1),
      },
      events: [
        ...nightlyBackup(id),
        told(id, away + 2, "failover", "Multi-AZ instance failover started."),
        told(id, away + 1, "availability", "DB instance restarted"),
        told(id, away, "failover", "Multi-AZ instance failover completed"),
        told(id, away - 1, "notification", "The primary host of the RDS Multi-AZ instance is unhealthy."),
      ],
      load: loadOf(
        { [io]: 20.4, CPU: 1.9, "wait/io/file/sql/binlog": 0.9 },
        [
          { sql: "SELECT * FROM `room` WHERE `hotel_id` = ?", waits: { [io]: 4.1, CPU: 0.3 } },
          {
            sql: "SELECT * FROM `rate` WHERE `room_id` = ? AND `night` BETWEEN ? AND ?",
            waits: { [io]: 3.8, CPU: 0.3 },
          },
          { sql: "SELECT * FROM `guest` WHERE `id` = ?", waits: { [io]: 3.3, CPU: 0.2 } },
          { sql: "SELECT * FROM `reservation` WHERE `guest_id` = ?", waits: { [io]: 2.9, CPU: 0.2 } },
          {
            sql: "INSERT INTO `reservation` (...) VALUES (...)",
            waits: { [io]: 0.8, "wait/io/file/sql/binlog": 0.5 },
          },
        ],
        { booking: 21.9, sync: 1.3 },
      ),
      alarm: above("DBLoad", 8, [30.2, 29.1, 27.6], 3),
      way: "probe-failed",
    };
  },
});
