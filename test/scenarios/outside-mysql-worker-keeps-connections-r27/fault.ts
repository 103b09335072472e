import { calmAurora } from "../support/outside/calm.ts";
import { even, moves, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { slotRefused } from "../support/outside/late-mysql-more.ts";
import { between } from "../support/outside/recurring.ts";

const id = "invoicing-db-1";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A worker that was deployed five hours ago opens a connection for each job and closes none: they rise by twelve an hour to the 90 that a t3.medium of Aurora has",
  world: (dice) => {
    const full = dice.number(6, 9);
    const began = full + 300;
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.04.3",
          DBInstanceClass: "db.t3.medium",
          DBClusterIdentifier: "invoicing-db",
        }),
      ],
      cluster: clusterOf("invoicing-db", [id], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.04.3",
        MultiAZ: false,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 4, connections: 30, cpu: 13, iops: 90 }),
        ),
        Queries: turns(usual(320), full, 231),
        DatabaseConnections: Object.assign(
          (at: number) => (at > began ? (usual(30)(at) ?? 30) : between(began, full, 30, 90)(at)),
          { rough: 0.004 },
        ),
        ConnectionAttempts: turns(usual(3), full, 46),
        FreeableMemory: (at) => (at > 1000 ? 1.02 * gib : moves(1.02 * gib, 0.71 * gib, began)(at)),
        CPUUtilization: usual(13),
        CPUCreditBalance: even(usual(576)),
        CommitThroughput: turns(usual(31), full, 24),
      },
      events: [],
      load: loadOf(
        { CPU: 0.16, "wait/io/aurora_redo_log_flush": 0.05 },
        [
          { sql: "SELECT * FROM `invoices` WHERE `id` = ?", waits: { CPU: 0.07 } },
          {
            sql: "INSERT INTO `invoice_pdfs` ( `invoice_id` , `s3_key` ) VALUES (...)",
            waits: { CPU: 0.03, "wait/io/aurora_redo_log_flush": 0.05 },
          },
        ],
        { invoice_worker: 0.12, invoice_web: 0.09 },
      ),
      alarm: above("DatabaseConnections", 72, [72.4, 73, 73], full + 86, "Maximum"),
      way: "probe-failed",
      inPart: slotRefused,
    };
  },
});
