import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["trades-1", "trades-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.8",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "trades",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A thousand single-row commits a second since a release: everything waits in IO:XactSync, the CPU has time",
  world: (dice) => {
    const waiting = dice.number(34, 47);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("trades", ids, { Engine: "aurora-postgresql", EngineVersion: "16.8" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 160, cpu: 29, iops: 400 }),
        CPUUtilization: steps(29, 44, 21),
        CommitThroughput: steps(210, 1120, 21),
        CommitLatency: steps(2.4, 39, 21),
        WriteIOPS: steps(240, 3900, 21),
        WriteThroughput: steps(5e6, 31e6, 21),
        DBLoad: steps(2.3, waiting + 5, 21),
        DBLoadCPU: steps(1.8, 3.1, 21),
        DBLoadNonCPU: steps(0.5, waiting + 2, 21),
        DatabaseConnections: steps(160, 222, 21),
        ...calmReader(ids[1], 64),
      },
      events: [],
      load: loadOf(
        { "IO:XactSync": waiting, CPU: 3.1, "LWLock:WALInsert": 1.1, "Client:ClientRead": 0.6 },
        [
          {
            sql: "INSERT INTO ticks ( symbol, at, price ) VALUES (?, ?, ?)",
            waits: { "IO:XactSync": waiting * 0.98, CPU: 1.6 },
          },
          { sql: "SELECT price FROM ticks WHERE symbol = ? ORDER BY at DESC LIMIT ?", waits: { CPU: 0.9 } },
        ],
        { feed: waiting + 2.5, web: 1.6 },
      ),
      alarm: above("CommitLatency", 20, [37, 39, 38], 16),
      way: "probe-failed",
    };
  },
});
