import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { stairs } from "../support/outside/stairs.ts";

const [cluster, id, other] = ["settlement", "settlement-2", "settlement-1"];
const member = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.15",
  DBInstanceClass: "db.r6g.xlarge",
  DBName: "settlement",
  DBClusterIdentifier: cluster,
};
const left = 88_123_001;
const wait = "Lock:transactionid";
const update = "UPDATE payouts SET state = $1, bank_ref = $2 WHERE batch_id = $3";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The failover came between PREPARE and COMMIT of a two-phase transaction; nobody finishes it since, and it holds its rows of payouts without a session",
  world: (dice) => {
    const over = dice.number(44, 49);
    const waiters = Array.from({ length: 20 }, (_, index) => over - 3 - index * 2.1).flatMap((at, index) => {
      const pid = 8812 + index * 23;
      const who = { host: "10.40.2.15(50922)", user: "payout_worker", database: "settlement", pid };
      return [
        `LOG:  process ${pid} still waiting for ShareLock on transaction ${left} after 1000.0${(index % 9) + 41} ms`,
        `DETAIL:  Process holding the lock: 0. Wait queue: ${pid}.`,
        `CONTEXT:  while updating tuple (412,${7 + (index % 5)}) in relation "payouts"`,
        `STATEMENT:  ${update}`,
      ].map((line) => logged(at, who, line));
    });
    return {
      instances: [instanceOf(id, member), instanceOf(other, member)],
      cluster: clusterOf(cluster, [id, other], {
        Engine: member.Engine,
        EngineVersion: member.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 121, cpu: 29, iops: 800 }),
        ),
        ...calmReader(other, 32),
        EngineUptime: (ago) => (ago > over ? 19 * 86_400 - (ago - over) * 60 : (over - ago) * 60),
        DBLoad: stairs(1.3, 0.95, over - 3, 2.1),
        DBLoadCPU: steps(0.9, 0.9, over),
        DBLoadNonCPU: stairs(0.4, 0.95, over - 3, 2.1),
        DatabaseConnections: stairs(121, 1, over - 3, 2.1),
      },
      events: [
        told(cluster, over - 1, "failover", `Completed failover to DB instance: ${id}`, "cluster"),
        told(id, over - 1, "availability", "DB instance restarted"),
        told(cluster, over, "failover", `Started cross AZ failover to DB instance: ${id}`, "cluster"),
        ...nightlyBackup(id),
      ],
      logs: [
        errorLog(
          [
            logged(
              over - 0.4,
              { pid: 402 },
              `LOG:  recovering prepared transaction ${left} from shared memory`,
            ),
            logged(over - 0.4, { pid: 399 }, "LOG:  database system is ready to accept connections"),
            ...waiters,
            logged(
              2,
              { pid: 412 },
              'LOG:  automatic analyze of table "settlement.public.outbox" system usage: CPU: user: 0.08 s, system: 0.00 s, elapsed: 0.14 s',
            ),
          ],
          2,
        ),
      ],
      load: loadOf(
        { [wait]: 17.4, CPU: 0.9, "IO:XactSync": 0.2 },
        [
          { sql: "UPDATE payouts SET state = ?, bank_ref = ? WHERE batch_id = ?", waits: { [wait]: 17.4 } },
          { sql: "SELECT * FROM batches WHERE due_on = ?", waits: { CPU: 0.4 } },
        ],
        { payout_worker: 17.5, settlement_api: 1 },
      ),
      alarm: above("DBLoad", 8, [8.9, 8.8, 9.8], over - 20),
      way: "probe-failed",
    };
  },
});
