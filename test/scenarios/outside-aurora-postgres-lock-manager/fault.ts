import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "ledger-1";
const reader = "ledger-2";
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.12",
  DBInstanceClass: "db.r6g.4xlarge",
  DBClusterIdentifier: "ledger",
};

const calm = calmAurora({
  engine: "postgres",
  vcpus: 16,
  memoryGib: 128,
  connections: 310,
  cpu: 33,
  iops: 800,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A hundred partitions a statement and no pruning: the load waits for LWLock:LockManager, nobody for a row",
  world: (dice) => {
    const waiting = dice.number(41, 63);
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf("ledger", [id, reader], { Engine: "aurora-postgresql", EngineVersion: "15.12" }),
      metrics: {
        ...calm,
        CPUUtilization: steps(33, 71, 24),
        DBLoad: steps(5.2, waiting + 15, 24),
        DBLoadCPU: steps(4.1, 11, 24),
        DBLoadNonCPU: steps(1.1, waiting + 4, 24),
        CommitThroughput: steps(210, 128, 24),
        DatabaseConnections: steps(310, 372, 24),
        ...calmReader(reader, 128),
      },
      events: [],
      load: loadOf(
        {
          "LWLock:LockManager": waiting,
          CPU: 11,
          "LWLock:buffer_mapping": 1.4,
          "IO:XactSync": 0.9,
          "Client:ClientRead": 0.4,
        },
        [
          {
            sql: "SELECT e.id, e.amount FROM entries e WHERE e.account_id = ? ORDER BY e.booked_at DESC LIMIT ?",
            waits: { "LWLock:LockManager": waiting * 0.94, CPU: 8.2 },
          },
          {
            sql: "INSERT INTO entries ( account_id, amount, booked_at ) VALUES (?, ?, ?)",
            waits: { "IO:XactSync": 0.8, CPU: 1.1 },
          },
        ],
        { ledger_api: waiting + 12, ledger_batch: 1.8 },
      ),
      alarm: above("DBLoad", 32, [58, 61, 60], 20),
      way: "probe-failed",
    };
  },
});
