import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "newsapp-db";
const before = { cpu: 36, connections: 520, iops: 1650 };

/** Every page of the app, each with what it had before and the same factor. */
const pages: readonly (readonly [string, number])[] = [
  ["SELECT * FROM `articles` WHERE `slug` = ?", 4.1],
  [
    "SELECT `id` , `title` , `lead` FROM `articles` WHERE `section_id` = ? ORDER BY `published_at` DESC LIMIT ?",
    3.9,
  ],
  ["SELECT * FROM `users` WHERE `device_id` = ?", 3.4],
  ["SELECT `article_id` FROM `bookmarks` WHERE `user_id` = ?", 3.1],
  ["SELECT COUNT ( * ) FROM `comments` WHERE `article_id` = ? AND `state` = ?", 2.9],
  ["SELECT * FROM `comments` WHERE `article_id` = ? ORDER BY `id` DESC LIMIT ?", 2.8],
  ["INSERT INTO `reads` VALUES (...)", 2.2],
  ["SELECT * FROM `topics` WHERE `user_id` = ?", 2],
  ["UPDATE `users` SET `seen_at` = ? WHERE `id` = ?", 1.7],
  ["SELECT `id` , `url` FROM `images` WHERE `article_id` = ?", 1.5],
];

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A push message to all readers brings three times the traffic within two minutes; all statements are the old ones",
  world: (dice) => {
    const minutes = dice.number(11, 13);
    const load = pages.reduce((sum, [, each]) => sum + each, 0);
    const commit = "wait/io/file/innodb/innodb_log_file";
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(calmRds({ engine: "mysql", vcpus: 8, memoryGib: 64, freeGib: 277, ...before })),
        CPUUtilization: steps(before.cpu, 98.9, minutes),
        DatabaseConnections: steps(before.connections, 1640, minutes - 1),
        ConnectionAttempts: steps(3, 61, minutes),
        ReadIOPS: steps(660, 1480, minutes),
        WriteIOPS: steps(990, 2240, minutes),
        DiskQueueDepth: steps(2, 4.6, minutes),
        ReadThroughput: steps(12e6, 27e6, minutes),
        WriteThroughput: steps(21e6, 46e6, minutes),
        NetworkReceiveThroughput: steps(4.7e6, 12.9e6, minutes),
        NetworkTransmitThroughput: steps(16e6, 43e6, minutes),
        DBLoad: steps(2.9, load, minutes),
        DBLoadCPU: steps(2.2, load - 2.6, minutes),
        DBLoadNonCPU: steps(0.7, 2.6, minutes),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: load - 2.6, "wait/io/table/sql/handler": 1.6, [commit]: 1 },
        pages.map(([sql, each]) =>
          sql.startsWith("SELECT")
            ? { sql, waits: { CPU: each * 0.93, "wait/io/table/sql/handler": each * 0.07 } }
            : { sql, waits: { CPU: each * 0.74, [commit]: each * 0.26 } },
        ),
        { newsapp: load - 0.4, cms: 0.4 },
      ),
      alarm: above("CPUUtilization", 90, [97.8, 98.9, 99.1], minutes - 4),
      alsoAlarms: [above("DatabaseConnections", 1500, [1630, 1644, 1639], minutes - 4)],
      way: "probe-failed",
    };
  },
});
