import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "warehouse";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The import of every night commits row by row with sixteen workers: most wait for the log, as a day and a week ago",
  world: (dice) => {
    const waiting = dice.number(9, 12);
    return {
      instances: [
        instanceOf(id, { Engine: "mariadb", EngineVersion: "11.4.5", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calmRds({
          engine: "mariadb",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 99,
          connections: 44,
          cpu: 37,
          iops: 2100,
        }),
        WriteIOPS: usual(1900),
        DBLoad: usual(waiting + 2),
        DBLoadCPU: usual(1.4),
        DBLoadNonCPU: usual(waiting + 0.6),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "wait/io/file/innodb/innodb_log_file": waiting, cpu: 1.4, "wait/io/file/sql/binlog": 0.5 },
        [
          {
            sql: "INSERT INTO `stock_import` VALUES (...)",
            waits: { "wait/io/file/innodb/innodb_log_file": waiting * 0.97, cpu: 0.9 },
          },
        ],
        { import: waiting + 1.2 },
      ),
      alarm: above("DBLoad", 8, [11, 12, 12], 10),
      way: "probe-failed",
    };
  },
});
