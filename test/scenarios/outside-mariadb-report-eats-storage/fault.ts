import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "erp-prod";
const gib = 1024 ** 3;

const calm = calmRds({
  engine: "mariadb",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 96,
  connections: 88,
  cpu: 22,
  iops: 420,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title: "A report groups two years of postings in a temporary table on disk: 90 GiB gone in forty minutes",
  world: (dice) => {
    const minutes = dice.number(36, 42);
    const left = dice.number(6, 9);
    const free = moves(96 * gib, left * gib, minutes);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 300,
        }),
      ],
      metrics: {
        ...calm,
        FreeStorageSpace: free,
        WriteThroughput: steps(5.3e6, 41e6, minutes),
        WriteIOPS: steps(252, 760, minutes),
        ReadIOPS: steps(168, 690, minutes),
        ReadThroughput: steps(3e6, 22e6, minutes),
        CPUUtilization: steps(22, 39, minutes),
        DBLoad: steps(0.9, 2.1, minutes),
        DBLoadCPU: steps(0.7, 1.2, minutes),
        DBLoadNonCPU: steps(0.2, 0.9, minutes),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.2, "wait/io/table/sql/handler": 0.5, "wait/io/file/aria/MAD": 0.4 },
        [
          {
            sql: "SELECT `p`.`cost_centre`, `p`.`account`, `d`.`text`, SUM(`p`.`amount`) FROM `postings` `p` JOIN `documents` `d` ON `d`.`document_no` = `p`.`document_no` WHERE `p`.`booked_on` >= ? GROUP BY `p`.`cost_centre`, `p`.`account`, `d`.`text` ORDER BY NULL",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.2, "wait/io/file/aria/MAD": 0.4 },
          },
          { sql: "SELECT * FROM `documents` WHERE `document_no` = ?", waits: { CPU: 0.3 } },
        ],
        { erp_reporting: 1.1, erp_app: 1 },
      ),
      alarm: below("FreeStorageSpace", 20 * gib, [19.4 * gib, 17.1 * gib, 14.8 * gib], 3, "Average"),
      way: "probe-failed",
    };
  },
});
