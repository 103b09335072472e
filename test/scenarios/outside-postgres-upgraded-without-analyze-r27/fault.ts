import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [writer, reader] = ["ledger-db-1", "ledger-db-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "ledger-db",
};
const lines =
  "SELECT l.* FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.tenant_id = $1 AND i.due_at < $2";
const open =
  "SELECT i.id, sum(p.amount) FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id WHERE i.tenant_id = $1 GROUP BY i.id";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Upgraded from 13 to 16 before the morning, which carries no statistics over, and nobody ran ANALYZE: the planner guesses, and the working day finds every join slow",
  world: (dice) => {
    const upgraded = dice.number(168, 174);
    const busy = 63;
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("ledger-db", [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.6",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 190, cpu: 38, iops: 900 }),
        ),
        ...calmReader(reader, 64),
        CPUUtilization: even(turns(usual(38), busy, 98.6)),
        DBLoad: steps(3, 41, busy),
        DBLoadCPU: steps(2.3, 36.5, busy),
        DBLoadNonCPU: steps(0.7, 4.5, busy),
        ReadIOPS: steps(360, 7200, busy),
        ReadThroughput: steps(6.5e6, 59e6, busy),
        BufferCacheHitRatio: turns(usual(99.8), busy, 97.4),
        DatabaseConnections: steps(190, 344, busy),
        CommitThroughput: turns(usual(210), busy, 118),
        EngineUptime: (at) => (at > upgraded ? 120 * 86_400 - at * 60 : (upgraded - at) * 60),
        MaximumUsedTransactionIDs: usual(180e6),
      },
      events: [
        told(
          "ledger-db",
          upgraded,
          "maintenance",
          "Database cluster engine major version has been upgraded",
          "cluster",
        ),
        told(
          "ledger-db",
          upgraded + 19,
          "maintenance",
          "Upgrade in progress: Performing online pre-upgrade checks.",
          "cluster",
        ),
        told(writer, upgraded + 2, "availability", "DB instance restarted"),
        told(writer, upgraded + 14, "availability", "DB instance shutdown"),
      ],
      logs: [
        errorLog(
          [9, 7, 5, 4, 2, 1].flatMap((at) => [
            logged(
              at,
              {
                host: `10.4.18.23(${51_000 + at})`,
                user: "ledger_api",
                database: "ledger",
                pid: 7100 + at * 3,
              },
              `LOG:  duration: ${31_000 + at * 877}.412 ms  execute <unnamed>: ${at % 2 === 0 ? lines : open}`,
            ),
          ]),
          1,
        ),
      ],
      load: loadOf(
        { CPU: 36.5, "IO:DataFileRead": 3.9, "LWLock:BufferContent": 0.3 },
        [
          { sql: lines, waits: { CPU: 15.1, "IO:DataFileRead": 2.2 } },
          { sql: open, waits: { CPU: 10.3, "IO:DataFileRead": 1.4 } },
          {
            sql: "SELECT * FROM payments p JOIN bank_lines b ON b.payment_id = p.id WHERE b.statement_id = $1",
            waits: { CPU: 6.8, "IO:DataFileRead": 0.3 },
          },
          {
            sql: "SELECT t.id FROM tenants t JOIN plans p ON p.id = t.plan_id WHERE t.slug = $1",
            waits: { CPU: 2.7 },
          },
        ],
        { ledger_api: 38.2, ledger_jobs: 2.6 },
      ),
      changes: [
        {
          at: ago(upgraded + 22).toISOString(),
          source: "cloudtrail",
          subject: "ledger-db",
          what: "ModifyDBCluster",
          by: "s.lindqvist",
          detail:
            "dBClusterIdentifier=ledger-db, engineVersion=16.6, allowMajorVersionUpgrade=true, dBClusterParameterGroupName=ledger-db-pg16, applyImmediately=true",
          error: null,
          before: { engineVersion: "13.18" },
        },
      ],
      alarm: above("CPUUtilization", 90, [97.8, 98.9, 98.4], busy - 6),
      way: "probe-failed",
    };
  },
});
