import { calmRds } from "../support/outside/calm.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "telco-billing";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Healthy: the billing run takes most of the processors for its hour, as at this hour of every night, and nobody waits for anything",
  world: (dice) => {
    const began = dice.number(24, 28);
    const each = (inside: number, outside: number) => atTheseHours(began, 75, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6i.2xlarge",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mariadb",
          vcpus: 8,
          memoryGib: 32,
          freeGib: 274,
          connections: 61,
          cpu: 22,
          iops: 900,
        }),
        CPUUtilization: each(84, 22),
        DatabaseConnections: each(68, 61),
        DBLoad: each(7.2, 1.5),
        DBLoadCPU: each(6.1, 1.2),
        DBLoadNonCPU: each(1.1, 0.3),
        WriteIOPS: each(2400, 540),
        WriteThroughput: each(48e6, 11e6),
        ReadIOPS: each(1700, 360),
        ReadThroughput: each(29e6, 6.4e6),
        DiskQueueDepth: each(5.2, 1.1),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 6.1, "wait/io/table/sql/handler": 0.6, "wait/io/file/innodb/innodb_log_file": 0.4 },
        [
          {
            sql: "INSERT INTO invoice_lines SELECT ... FROM call_records WHERE account_id BETWEEN ? AND ?",
            waits: { CPU: 5.1, "wait/io/table/sql/handler": 0.5 },
          },
          { sql: "SELECT * FROM accounts WHERE msisdn = ?", waits: { CPU: 0.5 } },
        ],
        { billing_run: 5.9, selfcare: 1.1 },
      ),
      alarm: above("CPUUtilization", 80, [83.6, 84.3, 84.1], began - 5),
      way: "probe-failed",
    };
  },
});
