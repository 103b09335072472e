import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { jumps } from "../support/outside/server-stopped.ts";

const id = "booking-core";
const pooler = "10.31.7.9";
const statements = [
  "SELECT id, starts_at, seats_left FROM departures WHERE route_id = $1 AND starts_at >= $2",
  "SELECT * FROM bookings WHERE reference = $1",
  "UPDATE bookings SET state = $1, updated_at = $2 WHERE id = $3",
  "SELECT id, name FROM stations WHERE code = $1",
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A pooler in transaction mode was put before the database while the driver still names its prepared statements: they do not exist, or exist already, on whichever connection comes next",
  world: (dice) => {
    const since = dice.number(92, 98);
    const errors = Array.from({ length: 150 }, (_, index) => {
      const at = since - 1 - index * 0.6;
      const name = `S_${3 + (index % 11)}`;
      const who = {
        host: `${pooler}(${43_100 + (index % 48)})`,
        user: "booking_app",
        database: "booking",
        pid: 12_200 + (index % 48),
      };
      const says =
        index % 3 === 0
          ? `ERROR:  prepared statement "${name}" already exists`
          : `ERROR:  prepared statement "${name}" does not exist`;
      return [
        logged(at, who, says),
        ...(index % 3 === 0 ? [logged(at, who, `STATEMENT:  ${statements[index % statements.length]}`)] : []),
      ];
    }).flat();
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6i.xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 231,
            connections: 412,
            cpu: 46,
            iops: 900,
          }),
        ),
        DatabaseConnections: jumps(412, since, 54),
        CPUUtilization: steps(46, 33, since),
        FreeableMemory: steps(3.4 * 1024 ** 3, 5.1 * 1024 ** 3, since),
        NetworkTransmitThroughput: steps(12.7e6, 8.8e6, since),
        NetworkReceiveThroughput: steps(3.7e6, 3.1e6, since),
        DBLoad: steps(1.9, 1.2, since),
        DBLoadCPU: steps(1.4, 0.9, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.9, "IO:XactSync": 0.2, "Client:ClientRead": 0.1 },
        [
          { sql: statements[0] ?? "", waits: { CPU: 0.4 } },
          { sql: statements[2] ?? "", waits: { CPU: 0.1, "IO:XactSync": 0.2 } },
        ],
        { booking_app: 1.1, reporting: 0.1 },
      ),
      logs: [
        errorLog(
          [
            logged(since + 41, { pid: 402 }, "LOG:  checkpoint complete: wrote 3120 buffers (0.6%)"),
            ...[7, 9, 12].map((more, index) =>
              logged(
                since + 0.5,
                {
                  host: `10.31.4.${more}(${51_000 + index})`,
                  user: "booking_app",
                  database: "booking",
                  pid: 9800 + index,
                },
                "LOG:  could not receive data from client: Connection reset by peer",
              ),
            ),
            ...errors,
          ],
          1,
        ),
      ],
      changes: [
        {
          at: ago(1370).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AuthorizeSecurityGroupIngress",
          by: "terraform",
          detail: `groupId=sg-0b41c7, ipPermissions=[{"fromPort":5432,"toPort":5432,"ipRanges":"${pooler}/32"}]`,
          error: null,
        },
      ],
      alarm: below("DatabaseConnections", 150, [54, 55, 53], since - 4),
      way: "probe-failed",
    };
  },
});
