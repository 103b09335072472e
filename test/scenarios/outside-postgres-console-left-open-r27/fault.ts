import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, lockNode, running } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [writer, reader] = ["wallet-db-1", "wallet-db-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.15",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "wallet-db",
};
const xid = "transaction 881734112";
const update = "UPDATE wallets SET balance_cents = balance_cents + $1, updated_at = now() WHERE id = $2";
const waiters = 18;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody of ops_console began a transaction in psql, froze the wallets of a merchant with an UPDATE and left it open; the payments wait for it",
  world: (dice) => {
    const open = dice.number(1260, 1330);
    const minutes = Math.round(open / 60);
    const holder = running(5120, open - 12, {
      user: "ops_console",
      application: "psql",
      client: "10.4.2.19",
      database: "wallets",
      state: "idle-in-transaction",
      transactionSeconds: open,
      statementSeconds: null,
      waitEvent: "Client:ClientRead",
      query: "UPDATE wallets SET frozen = $1 WHERE merchant_id = $2",
      administrator: false,
    });
    const waiting = Array.from({ length: waiters }, (_, index) =>
      running(6011 + index * 7, 28 - index * 1.4, {
        user: "payments_api",
        application: "payments",
        client: "10.4.18.23",
        database: "wallets",
        waitEvent: "Lock:transactionid",
        query: update,
      }),
    );
    const who = { application: "payments", user: "payments_api", client: "10.4.18.23", database: "wallets" };
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("wallet-db", [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "14.15",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 74, cpu: 22, iops: 210 }),
        ),
        ...calmReader(reader, 16),
        DBLoad: steps(0.45, 18.6, minutes),
        DBLoadNonCPU: steps(0.1, 18.3, minutes),
        DBLoadCPU: turns(usual(0.34), minutes, 0.27),
        CPUUtilization: turns(usual(22), minutes, 18),
        CommitThroughput: turns(usual(210), minutes, 171),
        DatabaseConnections: steps(74, 97, minutes),
      },
      events: [],
      load: loadOf(
        { "Lock:transactionid": 18.1, CPU: 0.27, "IO:XactSync": 0.2 },
        [
          { sql: update, waits: { "Lock:transactionid": 18.1, CPU: 0.1 } },
          {
            sql: "INSERT INTO ledger (wallet_id, amount_cents, at) VALUES ($1, $2, now())",
            waits: { CPU: 0.1, "IO:XactSync": 0.2 },
          },
        ],
        { payments_api: 18.5 },
      ),
      logs: [
        errorLog(
          Array.from({ length: 14 }, (_, index) => index).flatMap((index) => {
            const client = {
              host: `10.4.18.23(${50_300 + index})`,
              user: "payments_api",
              database: "wallets",
              pid: 5900 + index * 5,
            };
            const at = 14.5 - index;
            return [
              logged(
                at,
                client,
                `LOG:  process ${client.pid} still waiting for ShareLock on transaction 881734112 after 1000.0${40 + index} ms`,
              ),
              logged(at, client, `DETAIL:  Process holding the lock: 5120. Wait queue: ${client.pid}.`),
              logged(at, client, `CONTEXT:  while updating tuple (1177,${4 + index}) in relation "wallets"`),
              logged(at, client, `STATEMENT:  ${update}`),
              logged(at - 0.5, client, "ERROR:  canceling statement due to statement timeout"),
              logged(
                at - 0.5,
                client,
                `CONTEXT:  while updating tuple (1177,${4 + index}) in relation "wallets"`,
              ),
              logged(at - 0.5, client, `STATEMENT:  ${update}`),
            ];
          }),
          1,
        ),
      ],
      alarm: above("DBLoad", 8, [16.9, 18.2, 18.8], minutes - 6),
      way: "probe-failed",
      culprits: [5120],
      inPart: halfLook({
        answers: firstAnswers({
          version: "14.15",
          upDays: 41,
          maxConnections: 1600,
          database: "wallets",
          groups: [
            group({ state: "idle", ...who }, 61, 41),
            group({ state: "active", ...who }, waiters, 28, { waitingOnLock: waiters }),
            group(
              {
                state: "idle-in-transaction",
                application: "psql",
                user: "ops_console",
                client: "10.4.2.19",
                database: "wallets",
              },
              1,
              open - 12,
            ),
          ],
          sessions: [holder, ...waiting],
          waiting: {
            nodes: [
              lockNode(holder, {
                holds: [{ object: xid, objectKind: "transaction", mode: "ExclusiveLock", explicit: false }],
                blocksDirectly: waiters,
                blocksTotal: waiters,
                longestWaitSeconds: 28,
              }),
              ...waiting.map((session, index) =>
                lockNode(session, {
                  parent: "session:5120",
                  blockerCount: 1,
                  holderCount: 1,
                  waitsFor: {
                    object: xid,
                    objectKind: "transaction",
                    mode: "ShareLock",
                    waitSeconds: 28 - index * 1.4,
                    queuePosition: index + 1,
                  },
                }),
              ),
            ],
            waiters,
            omittedWaiters: 0,
            lockRows: 390,
            cycles: [],
          },
        }),
        rest: outOfTime,
      }),
    };
  },
});
