import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { hiddenRowWaiters } from "../support/outside/hidden-row-waiters.ts";
import { halfLook, withoutMonitor } from "../support/outside/postgres-half-look.ts";
import { serverUp } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const writer = "people-a";
const reader = "people-b";
const database = "people";
const holder = 6641;
const since = 13;
const shape = {
  DBClusterIdentifier: "people",
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r7g.xlarge",
};

function waits(minutes: number, pid: number, tuple: string): string[] {
  const client = { host: `10.8.2.40(${41_000 + pid})`, user: "hr_api", database, pid };
  return [
    logged(
      minutes,
      client,
      `LOG:  process ${pid} still waiting for ShareLock on transaction 55831206 after 1000.091 ms`,
    ),
    logged(minutes, client, `DETAIL:  Process holding the lock: ${holder}. Wait queue: ${pid}.`),
    logged(minutes, client, `CONTEXT:  while updating tuple (${tuple}) in relation "employees"`),
    logged(minutes, client, "STATEMENT:  UPDATE employees SET last_login_at = $1 WHERE id = $2"),
  ];
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A payroll run of one transaction has changed every employee, and who signs in waits; the responder lacks pg_monitor",
  world: (dice) => {
    const waiters = dice.number(36, 42);
    const connections = 138;
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections, cpu: 22, iops: 420 }),
    );
    return {
      instances: [instanceOf(writer, shape), instanceOf(reader, shape)],
      cluster: clusterOf("people", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        DatabaseConnections: moves(connections, connections + 34, since),
        DBLoad: moves(1.1, waiters + 1.7, since),
        DBLoadCPU: moves(0.8, 1.3, since),
        DBLoadNonCPU: moves(0.3, waiters + 0.4, since),
      },
      events: [],
      load: loadOf(
        { "Lock:transactionid": 16.4, CPU: 1.3, "IO:XactSync": 0.3, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "UPDATE employees SET last_login_at = ? WHERE id = ?",
            waits: { "Lock:transactionid": 15.3 },
          },
          { sql: "UPDATE employees SET phone = ? WHERE id = ?", waits: { "Lock:transactionid": 1.1 } },
          { sql: "SELECT pay_run_lines ( ? , ? )", waits: { CPU: 0.8, "IO:DataFileRead": 0.1 } },
          { sql: "SELECT * FROM absences WHERE employee_id = ?", waits: { CPU: 0.3 } },
        ],
        { hr_api: 17.2, payroll: 0.9 },
      ),
      logs: [
        errorLog(
          [
            ...waits(12.6, 6777, "911,4"),
            ...waits(9.1, 6802, "40,17"),
            ...waits(6.4, 6850, "3310,2"),
            ...waits(2.2, 6901, "78,30"),
          ],
          2,
        ),
      ],
      alarm: above("DBLoad", 8, [9.8, 12.1, 15.3], 10),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("16.6", 88 * 86_400, 5000)],
          "postgres-locks-alone": [
            hiddenRowWaiters({
              holder,
              holderUser: "payroll",
              waiterUser: "hr_api",
              database,
              transaction: 55_831_206,
              table: "employees",
              waiters,
              longestSeconds: 758,
            }),
          ],
        },
        rest: withoutMonitor([]),
      }),
    };
  },
});
