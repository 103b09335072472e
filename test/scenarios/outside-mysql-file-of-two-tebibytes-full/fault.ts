import { calmRds } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "reader-articles";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "An instance of 2013 has a file system whose files end at 2 TiB: the file of `bookmarks` has reached it, and inserts fail while 2.2 TiB of the volume are free (real: a reading service's day of outage in 2017)",
  world: (dice) => {
    const since = dice.number(40, 46);
    const wrote = (minutes: number, thread: number) => [
      mysqlErrorLine(
        minutes,
        thread,
        "[ERROR] [MY-012639] [InnoDB] Write to file ./reader/bookmarks.ibd failed at offset 2199022206976, 1048576 bytes should have been written, only 0 were written. Operating system error number 27. Check that your OS and file system support files of this size. Check also that the disk is not full or a disk quota exceeded.",
      ),
      mysqlErrorLine(minutes, thread, "[ERROR] [MY-012640] [InnoDB] Error number 27 means 'File too large'"),
      mysqlErrorLine(minutes, thread, "[ERROR] [MY-013132] [Server] The table 'bookmarks' is full!"),
    ];
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.r5.2xlarge",
          InstanceCreateTime: new Date("2013-10-21T09:12:00Z"),
          AllocatedStorage: 6000,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 64,
            freeGib: 2210,
            connections: 420,
            cpu: 43,
            iops: 4600,
          }),
        ),
        FreeStorageSpace: usual(2210 * 1024 ** 3),
        WriteIOPS: steps(2760, 690, since),
        WriteThroughput: steps(58e6, 12e6, since),
        CPUUtilization: steps(43, 35, since),
        DatabaseConnections: steps(420, 512, since - 3),
        NetworkReceiveThroughput: steps(3.8e6, 2.9e6, since),
        BinLogDiskUsage: usual(2.1 * 1024 ** 3),
      },
      events: nightlyBackup(id),
      logs: [
        mysqlErrorLog(
          [since, since - 2, since - 5, since - 9, 27, 22, 17, 12, 8, 4, 1].flatMap((minutes, index) =>
            wrote(minutes, 918_400 + index * 31),
          ),
          1,
        ),
      ],
      load: loadOf(
        { CPU: 2.1, "wait/io/table/sql/handler": 0.8, "wait/io/file/innodb/innodb_data_file": 0.4 },
        [
          {
            sql: "SELECT * FROM bookmarks WHERE user_id = ? AND folder_id = ? ORDER BY time DESC LIMIT ?",
            waits: { CPU: 1.1, "wait/io/table/sql/handler": 0.5 },
          },
          {
            sql: "INSERT INTO bookmarks (user_id, article_id, folder_id, time) VALUES (...)",
            waits: { CPU: 0.2, "wait/io/file/innodb/innodb_data_file": 0.2 },
          },
        ],
        { web: 2.9, feeds: 0.5 },
      ),
      alarm: below("WriteIOPS", 900, [702, 688, 691], since - 4),
      way: "probe-failed",
    };
  },
});
