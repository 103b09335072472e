import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const writer = "bets-1";
const reader = "bets-2";
const since = 47;
const shape = {
  DBClusterIdentifier: "bets",
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.xlarge",
};
const debit = "UPDATE wallets SET balance = balance - $1, version = version + 1 WHERE id = $2";
const credit = "UPDATE wallets SET balance = balance + $1, version = version + 1 WHERE id = $2";

/** The server ends one of two that wait for each other. */
function victim(index: number): string[] {
  const pid = 9300 + index * 3;
  const other = pid + 1;
  const xid = 918_233_402 + index * 61;
  const client = { host: `10.4.18.23(${51_200 + index * 7})`, user: "bets", database: "bets", pid };
  const says = [
    "ERROR:  deadlock detected",
    [
      `DETAIL:  Process ${pid} waits for ShareLock on transaction ${xid}; blocked by process ${other}.`,
      `\tProcess ${other} waits for ShareLock on transaction ${xid - 4}; blocked by process ${pid}.`,
      `\tProcess ${pid}: ${credit}`,
      `\tProcess ${other}: ${debit}`,
    ].join("\n"),
    "HINT:  See server log for query details.",
    `CONTEXT:  while updating tuple (${2041 + index},31) in relation "wallets"`,
    `STATEMENT:  ${credit}`,
  ];
  return says.map((line) => logged(9.5 - index * 0.042, client, line));
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "Since a release two wallets are debited and credited in any order: 24 deadlocks a minute",
  world: (dice) => {
    const connections = dice.number(176, 190);
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections, cpu: 31, iops: 700 }),
    );
    return {
      instances: [instanceOf(writer, shape), instanceOf(reader, shape)],
      cluster: clusterOf("bets", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        Deadlocks: (ago) => (ago > since ? 0 : 0.4),
        CommitThroughput: steps(610, 590, since),
        DBLoad: steps(1.9, 4.6, since),
        DBLoadCPU: steps(1.2, 1.2, since),
        DBLoadNonCPU: steps(0.7, 3.4, since),
      },
      events: [],
      load: loadOf(
        { "Lock:transactionid": 2.4, CPU: 1.2, "IO:XactSync": 0.7, "Lock:tuple": 0.3 },
        [
          {
            sql: "UPDATE wallets SET balance = balance + ? , version = version + ? WHERE id = ?",
            waits: { "Lock:transactionid": 1.5, "Lock:tuple": 0.2, CPU: 0.1 },
          },
          {
            sql: "UPDATE wallets SET balance = balance - ? , version = version + ? WHERE id = ?",
            waits: { "Lock:transactionid": 0.9, "Lock:tuple": 0.1, CPU: 0.1 },
          },
          { sql: "SELECT * FROM odds WHERE fixture_id = ?", waits: { CPU: 0.5 } },
          { sql: "COMMIT", waits: { "IO:XactSync": 0.6 } },
        ],
        { bets: 4.1, odds: 0.5 },
      ),
      logs: [errorLog(Array.from({ length: 196 }, (_, index) => victim(index)).flat(), 1)],
      alarm: above("Deadlocks", 0.1, [0.38, 0.41, 0.42], 43),
      way: "probe-failed",
    };
  },
});
