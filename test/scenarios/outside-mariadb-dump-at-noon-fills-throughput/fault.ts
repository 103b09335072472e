import { calmRds } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "crm-maria";
const began = 24;
const dataFile = "wait/io/file/innodb/innodb_data_file";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Somebody dumps the largest table at noon: 125 MiB/s is all that the volume reads, and everyone waits for it",
  world: (dice) => {
    const read = dice.number(1190, 1210) * 1e5;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.18",
          DBInstanceClass: "db.m6i.xlarge",
          AllocatedStorage: 300,
          Iops: 3000,
          StorageThroughput: 125,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 71,
            connections: 143,
            cpu: 26,
            iops: 540,
          }),
        ),
        ReadThroughput: even(steps(6.1e6, read, began)),
        WriteThroughput: even(steps(6.8e6, 8.4e6, began)),
        ReadIOPS: steps(216, 1910, began),
        WriteIOPS: steps(324, 228, began),
        ReadLatency: steps(0.0008, 0.0146, began),
        WriteLatency: steps(0.0016, 0.0124, began),
        DiskQueueDepth: steps(0.7, 30.6, began),
        CPUUtilization: steps(26, 34, began),
        NetworkTransmitThroughput: steps(4.4e6, 66e6, began),
        DBLoad: steps(1, 7.4, began),
        DBLoadCPU: steps(0.8, 1.1, began),
        DBLoadNonCPU: steps(0.2, 6.3, began),
        DatabaseConnections: steps(143, 171, began),
      },
      events: [told(id, 590, "notification", "A new minor version is available."), ...nightlyBackup(id)],
      load: loadOf(
        {
          [dataFile]: 5.5,
          CPU: 1.1,
          "wait/io/file/innodb/innodb_log_file": 0.5,
          "wait/io/table/sql/handler": 0.3,
        },
        [
          {
            sql: "SELECT `c` . * FROM `contacts` `c` JOIN `contact_tags` `t` ON `t` . `contact_id` = `c` . `id` WHERE `t` . `tag_id` = ? ORDER BY `c` . `name` LIMIT ?",
            waits: { [dataFile]: 1.9, CPU: 0.3, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "SELECT * FROM `activities` WHERE `contact_id` = ?", waits: { [dataFile]: 1.5, CPU: 0.2 } },
          {
            sql: "SELECT /*!40001 SQL_NO_CACHE */ * FROM `event_log`",
            waits: { [dataFile]: 0.8, CPU: 0.2 },
          },
          {
            sql: "INSERT INTO `event_log` ( `contact_id` , `kind` , `payload` ) VALUES (...)",
            waits: { [dataFile]: 0.4, "wait/io/file/innodb/innodb_log_file": 0.4, CPU: 0.1 },
          },
        ],
        { crm_app: 6.3, backup_ro: 1.1 },
      ),
      alarm: above("ReadLatency", 0.01, [0.01391, 0.01512, 0.01447], 17),
      way: "probe-failed",
    };
  },
});
