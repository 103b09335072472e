import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, outOfTime, timedOut } from "../support/outside/postgres-half-look.ts";
import { group, ownGroup, running, serverUp } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const [cluster, writer, reader] = ["payout", "payout-1", "payout-2"];
const holder = 7711;
const statement = "UPDATE payout_batches SET paid_total = paid_total + $1 WHERE id = $2";
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: cluster,
  DBName: "payout",
};
const service = { application: "payout-api", user: "payout_api", client: "10.4.18.23", database: "payout" };
const tool = {
  application: "DBeaver 24.1.0 - SQLEditor <approve.sql>",
  user: "r.okafor",
  client: "10.9.4.17",
  database: "payout",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody approved a batch in DBeaver without auto-commit and left for lunch; the service's payments to that batch wait for the open transaction",
  world: (dice) => {
    const minutes = dice.number(30, 32);
    const seconds = minutes * 60;
    const waiters = Array.from({ length: 34 }, (_, index) => ({
      id: 8012 + index * 9,
      since: seconds - 50 - index * 41,
    }));
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 64, cpu: 22, iops: 0 }),
        ),
        CPUUtilization: steps(22, 19, minutes),
        DatabaseConnections: between(minutes, 1, 64, 99),
        DBLoad: between(minutes, 1, 0.5, 34.6),
        DBLoadCPU: steps(0.35, 0.3, minutes),
        DBLoadNonCPU: between(minutes, 1, 0.15, 34.3),
        CommitThroughput: steps(210, 150, minutes),
        ...calmReader(reader, 16),
      },
      events: nightlyBackup(cluster),
      load: loadOf(
        { "Lock:tuple": 8.1, "Lock:transactionid": 0.5, CPU: 0.3 },
        [
          { sql: statement, waits: { "Lock:tuple": 8.1, "Lock:transactionid": 0.5 } },
          {
            sql: "SELECT id, state FROM payouts WHERE recipient_id = $1 ORDER BY id DESC LIMIT $2",
            waits: { CPU: 0.2 },
          },
        ],
        { payout_api: 8.9 },
      ),
      logs: [
        errorLog(
          waiters.slice(0, 9).flatMap(({ id, since }, index) => {
            const who = { ...service, host: `10.4.18.23(${52_000 + index * 7})`, pid: id };
            const [what, holds, queue] =
              index === 0
                ? ["ShareLock on transaction 90177213", holder, `${id}`]
                : [
                    "ExclusiveLock on tuple (118,4) of relation 16612 of database 16401",
                    waiters[0]?.id ?? 0,
                    waiters
                      .slice(1, index + 1)
                      .map((each) => each.id)
                      .join(", "),
                  ];
            return [
              logged(
                since / 60 - 0.02,
                who,
                `LOG:  process ${id} still waiting for ${what} after 1000.${112 + index} ms`,
              ),
              logged(
                since / 60 - 0.02,
                who,
                `DETAIL:  Process holding the lock: ${holds}. Wait queue: ${queue}.`,
              ),
              ...(index === 0
                ? [
                    logged(
                      since / 60 - 0.02,
                      who,
                      'CONTEXT:  while updating tuple (118,4) in relation "payout_batches"',
                    ),
                  ]
                : []),
              logged(since / 60 - 0.02, who, `STATEMENT:  ${statement}`),
            ];
          }),
          3,
        ),
      ],
      alarm: above("DBLoad", 4, [4.3, 5.4, 6.6], minutes - 6),
      way: "probe-failed",
      culprits: [holder],
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.8", 41 * 86_400, 1600)],
          "postgres-blocking": timedOut,
          "postgres-connections": [
            group({ state: "idle", ...service }, 58, 190),
            group({ state: "active", ...service }, waiters.length, waiters[0]?.since ?? 0, {
              waitingOnLock: waiters.length,
            }),
            group({ state: "idle-in-transaction", ...tool }, 1, seconds),
            ownGroup("payout"),
          ],
          "postgres-sessions": [
            running(holder, seconds, {
              ...tool,
              state: "idle-in-transaction",
              statementSeconds: null,
              transactionSeconds: seconds + 4,
              waitEvent: "Client/ClientRead",
              query: "UPDATE payout_batches SET state = 'approved', approved_by = 'r.okafor' WHERE id = 4411",
            }),
            ...waiters.map(({ id, since }, index) =>
              running(id, since, {
                ...service,
                waitEvent: index === 0 ? "Lock/transactionid" : "Lock/tuple",
                query: statement,
              }),
            ),
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
