import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "billing-writer";
const reader = "billing-reader";
const gib = 1024 ** 3;

const calm = calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 180, cpu: 31, iops: 900 });

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A migration of a release adds a column behind an open transaction: every request of the table queues, and the pools open all they may",
  world: (dice) => {
    const minutes = dice.number(7, 10);
    const piled = dice.number(840, 910);
    const since =
      (before: number, after: number, within = 3): Curve =>
      (ago) => {
        if (ago > minutes) return usual(before)(ago);
        return before + (after - before) * Math.min(1, (minutes - ago) / within);
      };
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.08.2",
          DBInstanceClass: "db.r6g.xlarge",
          DBClusterIdentifier: "billing",
        }),
        instanceOf(reader, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.08.2",
          DBInstanceClass: "db.r6g.xlarge",
          DBClusterIdentifier: "billing",
        }),
      ],
      cluster: clusterOf("billing", [id, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        DatabaseConnections: even(since(180, piled)),
        FreeableMemory: since(7 * gib, 6.1 * gib),
        CPUUtilization: since(31, 14),
        Queries: since(1900, 640),
        CommitThroughput: since(210, 60),
        SelectLatency: since(0.6, 0.7),
        DBLoad: since(1.2, piled - 190),
        DBLoadCPU: since(0.9, 0.4),
        DBLoadNonCPU: since(0.3, piled - 190.4),
        AbortedClients: since(1, 40),
      },
      load: loadOf(
        {
          "wait/synch/cond/sql/MDL_context::COND_wait_status": 690,
          CPU: 0.4,
          "wait/io/table/sql/handler": 0.3,
        },
        [
          {
            sql: "SELECT `invoices` . * FROM `invoices` WHERE `invoices` . `account_id` = ? ORDER BY `invoices` . `issued_on` DESC LIMIT ?",
            waits: { "wait/synch/cond/sql/MDL_context::COND_wait_status": 520 },
          },
          {
            sql: "INSERT INTO `invoices` ( `account_id` , `issued_on` , `cents` ) VALUES (...)",
            waits: { "wait/synch/cond/sql/MDL_context::COND_wait_status": 169 },
          },
          {
            sql: "ALTER TABLE `invoices` ADD `dunned_at` DATETIME ( ? )",
            waits: { "wait/synch/cond/sql/MDL_context::COND_wait_status": 1 },
          },
          {
            sql: "SELECT `accounts` . * FROM `accounts` WHERE `accounts` . `id` = ? LIMIT ?",
            waits: { CPU: 0.3 },
          },
        ],
        { billing_web: 560, billing_worker: 129, billing_migrate: 1 },
      ),
      alarm: above("DatabaseConnections", 600, [648, 779, piled], minutes - 4, "Maximum"),
      way: "probe-failed",
    };
  },
});
