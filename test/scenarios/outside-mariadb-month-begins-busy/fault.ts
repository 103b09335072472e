import { calmRds } from "../support/outside/calm.ts";
import { byHour, even, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "invoicing-mariadb";
const since = 96;

const calm = withDays(
  calmRds({ engine: "mariadb", vcpus: 8, memoryGib: 32, freeGib: 214, connections: 143, cpu: 45, iops: 900 }),
);

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The turn of the month: invoices are made beside the day's work, 75 % of eight vCPUs, nobody waits for one, and the alarm asks for 70",
  world: (dice) => {
    const busy = dice.number(74, 76);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(byHour(45), since, busy),
        DatabaseConnections: turns(byHour(143), since, 177),
        ReadIOPS: turns(byHour(360), since, 690),
        WriteIOPS: turns(byHour(540), since, 1020),
        ReadThroughput: turns(byHour(6.5e6), since, 12.4e6),
        WriteThroughput: turns(byHour(11e6), since, 22e6),
        DiskQueueDepth: turns(byHour(1.1), since, 2),
        DBLoad: even(turns(byHour(3.6), since, 6.3)),
        DBLoadCPU: even(turns(byHour(2.8), since, 5.1)),
        DBLoadNonCPU: even(turns(byHour(0.8), since, 1.2)),
      },
      events: [
        told(
          `${id}-params`,
          704,
          "configuration change",
          "Updated parameter innodb_flush_neighbors to 0 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          CPU: 5.1,
          "wait/io/table/sql/handler": 0.6,
          "wait/io/file/sql/binlog": 0.4,
          "wait/io/file/innodb/innodb_log_file": 0.2,
        },
        [
          {
            sql: "SELECT * FROM `usage_lines` WHERE `contract_id` = ? AND `used_on` BETWEEN ? AND ?",
            waits: { CPU: 1.1, "wait/io/table/sql/handler": 0.3 },
          },
          {
            sql: "INSERT INTO `invoice_lines` ( `invoice_id` , `position` , `text` , `cents` ) VALUES (...)",
            waits: { CPU: 0.7, "wait/io/file/sql/binlog": 0.3 },
          },
          {
            sql: "SELECT * FROM `contracts` WHERE `tenant_id` = ? AND `state` = ?",
            waits: { CPU: 0.8, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "SELECT * FROM `tenants` WHERE `subdomain` = ?", waits: { CPU: 0.6 } },
          {
            sql: "UPDATE `invoices` SET `total_cents` = ? , `state` = ? WHERE `id` = ?",
            waits: { CPU: 0.5, "wait/io/file/sql/binlog": 0.1 },
          },
          { sql: "SELECT `users` . * FROM `users` WHERE `users` . `id` = ? LIMIT ?", waits: { CPU: 0.5 } },
        ],
        { invoicing_jobs: 2.9, invoicing_web: 3.4 },
      ),
      alarm: above("CPUUtilization", 70, [72.8, 74.4, 75.1], 9),
      way: "probe-failed",
    };
  },
});
