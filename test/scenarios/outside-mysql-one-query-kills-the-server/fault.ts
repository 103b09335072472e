import { calmRds } from "../support/outside/calm.ts";
import { type Curves, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "fares-prod";
const killer =
  "WITH RECURSIVE legs AS (SELECT origin, destination, 1 AS n FROM fare_rules WHERE carrier = 'LX' UNION ALL SELECT f.origin, l.destination, l.n + 1 FROM fare_rules f JOIN legs l ON f.destination = l.origin WHERE l.n < 4) SELECT origin, destination, MIN(n) OVER (PARTITION BY origin) FROM legs";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A statement over fare_rules that came with today's release meets a bug of the server: each time it runs mysqld dies of signal 11 and starts again",
  world: (dice) => {
    const last = dice.number(6, 8);
    const crashes = [last + 44, last + 33, last + 22, last + 11, last];
    const before = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 214,
        connections: 176,
        cpu: 34,
        iops: 900,
      }),
    );
    const metrics = crashes.reduce((curves: Curves, at) => gapped(curves, at, at - 1.5), {
      ...before,
      DatabaseConnections: (minutes: number) =>
        crashes.some((at) => minutes < at - 1.5 && minutes > at - 3) ? 41 : 176,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.35",
          DBInstanceClass: "db.m6i.2xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics,
      events: [
        ...crashes.toReversed().map((at) => told(id, at - 1.6, "availability", "DB instance restarted")),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 1.9, "wait/io/file/innodb/innodb_data_file": 0.6, "wait/io/table/sql/handler": 0.3 },
        [
          { sql: "SELECT price FROM fares WHERE origin = ? AND destination = ?", waits: { CPU: 0.8 } },
          {
            sql: "INSERT INTO searches ( origin , destination , at ) VALUES (...)",
            waits: { CPU: 0.3, "wait/io/table/sql/handler": 0.2 },
          },
        ],
        { fare_api: 2.1, fare_admin: 0.2 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              last + 58,
              5121,
              "[Note] [MY-010914] [Server] Aborted connection 5121 to db: 'fares' user: 'fare_api' host: '10.20.4.18' (Got timeout reading communication packets).",
            ),
            ...crashes.flatMap(crashed),
          ],
          last - 1.5,
        ),
      ],
      changes: [],
      alarm: below("DatabaseConnections", 50, [41, 40, 41], crashes[1] ?? 40),
      way: "probe-failed",
    };
  },
});

/** What the server writes as it dies, and as it comes up again. */
function crashed(at: number, index: number): string[] {
  const clock = ago(at).toISOString();
  return [
    `${clock.slice(0, 19)}Z UTC - mysqld got signal 11 ;`,
    "Most likely, you have hit a bug, but this error can also be caused by malfunctioning hardware.",
    "BuildID[sha1]=1b0bd6a5b1b4ac2c8d0b3c7cf5f42cb9a4c5f1e0",
    `Thread pointer: 0x14ee8c00${index}8f0`,
    "Attempting backtrace. You can use the following information to find out",
    "where mysqld died. If you see no messages after this, something went",
    "terribly wrong...",
    "stack_bottom = 14ef2a7fcb70 thread_stack 0x40000",
    "/rdsdbbin/mysql/bin/mysqld(my_print_stacktrace(unsigned char const*, unsigned long)+0x31) [0x2153f91]",
    "/rdsdbbin/mysql/bin/mysqld(print_fatal_signal(int)+0x2a3) [0x10b5b73]",
    "/rdsdbbin/mysql/bin/mysqld(MaterializeIterator::MaterializeRecursive()+0x3f2) [0x1310a82]",
    "/rdsdbbin/mysql/bin/mysqld(WindowIterator::Read()+0xd4) [0x131c2b4]",
    "/rdsdbbin/mysql/bin/mysqld(Query_expression::ExecuteIteratorQuery(THD*)+0x28c) [0xfc7b1c]",
    "",
    "Trying to get some variables.",
    "Some pointers may be invalid and cause the dump to abort.",
    `Query (14ee8c0f1b60): ${killer}`,
    `Connection ID (thread ID): ${412 + index * 37}`,
    "Status: NOT_KILLED",
    "",
    mysqlErrorLine(
      at - 0.6,
      0,
      `[System] [MY-010116] [Server] /rdsdbbin/mysql/bin/mysqld (mysqld 8.0.35) starting as process ${1284 + index * 311}`,
    ),
    mysqlErrorLine(at - 0.8, 1, "[System] [MY-013576] [InnoDB] InnoDB initialization has started."),
    mysqlErrorLine(at - 1.1, 0, "[System] [MY-010229] [Server] Starting XA crash recovery..."),
    mysqlErrorLine(at - 1.1, 0, "[System] [MY-010232] [Server] XA crash recovery finished."),
    mysqlErrorLine(
      at - 1.4,
      0,
      "[System] [MY-010931] [Server] /rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '8.0.35'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.",
    ),
  ];
}
