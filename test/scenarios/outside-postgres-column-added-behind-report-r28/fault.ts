import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "billing-core";
const relation = "relation 16455 of database 16401";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A migration's ALTER TABLE invoices waits behind a report of 50 minutes, and every later read of invoices waits behind the ALTER",
  world: (dice) => {
    const asked = dice.number(9, 11);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 388,
        connections: 214,
        cpu: 41,
        iops: 1500,
      }),
    );
    const migration = { host: "10.4.2.90(44018)", user: "billing_migrate", database: "billing", pid: 21_904 };
    const queue = Array.from({ length: 30 }, (_, index) => 22_011 + index * 4);
    const waits = queue.flatMap((pid, index) => {
      const who = {
        host: `10.4.${18 + (index % 3)}.${21 + (index % 6)}(${50_300 + index * 3})`,
        user: "billing_app",
        database: "billing",
        pid,
      };
      const minutes = asked - 0.1 - (index * (asked - 1.2)) / queue.length;
      return [
        logged(
          minutes,
          who,
          `LOG:  process ${pid} still waiting for AccessShareLock on ${relation} after 1000.${String(111 + index)} ms at character 62`,
        ),
        logged(
          minutes,
          who,
          `DETAIL:  Process holding the lock: 21877. Wait queue: 21904, ${queue.slice(0, index + 1).join(", ")}.`,
        ),
        logged(
          minutes,
          who,
          "STATEMENT:  SELECT i.id, i.number, i.total, i.state FROM invoices i WHERE i.account_id = $1 ORDER BY i.issued_at DESC LIMIT 50",
        ),
      ];
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.2xlarge",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        DBLoad: between(asked, 0, 3.3, 141),
        DBLoadCPU: steps(2.5, 0.9, asked),
        DBLoadNonCPU: between(asked, 0, 0.8, 140),
        DatabaseConnections: between(asked, 0, 214, 352),
        CPUUtilization: steps(41, 14, asked),
        WriteIOPS: steps(900, 310, asked),
        ReadIOPS: steps(600, 420, asked),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Lock:relation": 74, CPU: 0.9, "IO:DataFileRead": 0.8 },
        [
          {
            sql: "SELECT i.id, i.number, i.total, i.state FROM invoices i WHERE i.account_id = $1 ORDER BY i.issued_at DESC LIMIT 50",
            waits: { "Lock:relation": 61 },
          },
          {
            sql: "UPDATE invoices SET state = $1, paid_at = now() WHERE id = $2",
            waits: { "Lock:relation": 12 },
          },
          { sql: "ALTER TABLE invoices ADD COLUMN tax_region text", waits: { "Lock:relation": 1 } },
          {
            sql: "SELECT a.segment, date_trunc($1, i.issued_at), sum(l.amount) FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id JOIN accounts a ON a.id = i.account_id GROUP BY 1, 2",
            waits: { "IO:DataFileRead": 0.7, CPU: 0.3 },
          },
        ],
        { billing_app: 73, billing_migrate: 1, report_ro: 1 },
      ),
      logs: [
        errorLog(
          [
            logged(
              asked,
              migration,
              `LOG:  process 21904 still waiting for AccessExclusiveLock on ${relation} after 1000.114 ms`,
            ),
            logged(asked, migration, "DETAIL:  Process holding the lock: 21877. Wait queue: 21904."),
            logged(asked, migration, "STATEMENT:  ALTER TABLE invoices ADD COLUMN tax_region text"),
            ...waits,
          ],
          1,
        ),
      ],
      alarm: above("DBLoad", 24, [31.8, 47.2, 62.5], asked - 5),
      way: "probe-failed",
    };
  },
});
