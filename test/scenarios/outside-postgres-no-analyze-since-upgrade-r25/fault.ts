import { calmRds } from "../support/outside/calm.ts";
import { even, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "booking-pg";
const upgraded = 338;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A major upgrade to 16.4 in the night left no statistics behind and nobody ran ANALYZE; as the morning's load comes, joins are planned blindly and CPU is full",
  world: (dice) => {
    const since = dice.number(66, 70);
    const before = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        connections: 166,
        cpu: 39,
        iops: 700,
        freeGib: 240,
      }),
    );
    const slow = (minutes: number, index: number) =>
      logged(
        minutes,
        {
          host: `10.4.18.23(${50_100 + index * 13})`,
          user: "booking_api",
          database: "booking",
          pid: 8800 + index * 5,
        },
        `LOG:  duration: ${6210 + ((index * 911) % 5400)}.${110 + index} ms  execute <unnamed>: SELECT b.id, b.starts_at, r.name, g.email FROM bookings b JOIN rooms r ON r.id = b.room_id JOIN guests g ON g.id = b.guest_id WHERE r.hotel_id = $1 AND b.starts_at BETWEEN $2 AND $3`,
      );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.r6g.xlarge",
          DBName: "booking",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: gapped(
        {
          ...before,
          CPUUtilization: even(between(since, since - 22, 39, 98.8)),
          DBLoad: between(since, since - 22, 1.6, 14.9),
          DBLoadCPU: between(since, since - 22, 1.2, 12.6),
          DBLoadNonCPU: between(since, since - 22, 0.4, 2.3),
          DatabaseConnections: between(since, since - 35, 166, 287),
          ReadIOPS: between(since, since - 22, 280, 1900),
          ReadThroughput: between(since, since - 22, 5e6, 31e6),
        },
        upgraded + 4,
        upgraded - 19,
      ),
      events: [
        told(id, upgraded - 24, "backup", "Finished DB Instance backup"),
        told(id, upgraded - 19.5, "maintenance", "Database instance patched"),
        told(id, upgraded - 19, "backup", "Backing up DB instance"),
        told(id, upgraded - 18, "availability", "DB instance restarted"),
        told(id, upgraded, "availability", "DB instance shutdown"),
        told(id, upgraded + 1, "backup", "Finished DB Instance backup"),
        told(id, upgraded + 9, "backup", "Backing up DB instance"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 12.1, "IO:DataFileRead": 1.6, "LWLock:BufferMapping": 0.4 },
        [
          {
            sql: "SELECT b.id, b.starts_at, r.name, g.email FROM bookings b JOIN rooms r ON r.id = b.room_id JOIN guests g ON g.id = b.guest_id WHERE r.hotel_id = $1 AND b.starts_at BETWEEN $2 AND $3",
            waits: { CPU: 6.3, "IO:DataFileRead": 0.7 },
          },
          {
            sql: "SELECT count(*) FROM bookings b JOIN payments p ON p.booking_id = b.id WHERE b.hotel_id = $1 AND p.state = $2",
            waits: { CPU: 3.2, "IO:DataFileRead": 0.5 },
          },
          {
            sql: "SELECT p.* FROM prices p JOIN seasons s ON s.id = p.season_id WHERE p.room_id = ANY($1) AND $2 BETWEEN s.from_day AND s.to_day",
            waits: { CPU: 1.8, "IO:DataFileRead": 0.3 },
          },
          { sql: "SELECT id, email FROM guests WHERE id = $1", waits: { CPU: 0.1 } },
        ],
        { booking_api: 13.4, rdsadmin: 0.2 },
      ),
      logs: [
        errorLog(
          Array.from({ length: 24 }, (_, index) => slow(7 - index * 0.25, index)),
          1,
        ),
      ],
      changes: [
        {
          at: ago(upgraded + 13).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "a.lindner",
          detail: `dBInstanceIdentifier=${id}, engineVersion=16.4, allowMajorVersionUpgrade=true, dBParameterGroupName=booking-pg16, applyImmediately=true`,
          error: null,
          before: { engineVersion: "13.16" },
        },
      ],
      alarm: above("CPUUtilization", 90, [93.1, 96.4, 98.2], 46),
      way: "probe-failed",
    };
  },
});
