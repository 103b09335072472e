import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const writer = "events-w";
const reader = "events-r";
const shape = {
  DBClusterIdentifier: "events",
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBInstanceClass: "db.r6g.2xlarge",
};

export const scenario = defineOutside({
  engine: "postgres",
  title: "A commit takes 3.4 ms here as on each day, and the alarm that came with a template stands at 3",
  world: (dice) => {
    const calm = withDays(
      calmAurora({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 64,
        connections: dice.number(280, 300),
        cpu: 43,
        iops: 2600,
      }),
    );
    return {
      instances: [instanceOf(writer, shape), instanceOf(reader, shape)],
      cluster: clusterOf("events", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 64),
        CommitLatency: usual(3.4),
        CommitThroughput: usual(930),
        WriteLatency: usual(0.0031),
        DBLoad: usual(6.6),
        DBLoadCPU: usual(3.1),
        DBLoadNonCPU: usual(3.5),
      },
      events: [
        told("events", 690, "backup", "Creating automated cluster snapshot", "cluster"),
        told("events", 683, "backup", "Automated cluster snapshot created", "cluster"),
      ],
      load: loadOf(
        { "IO:XactSync": 3.1, CPU: 3.1, "IO:DataFileRead": 0.3, "LWLock:WALInsert": 0.1 },
        [
          { sql: "COMMIT", waits: { "IO:XactSync": 1.9 } },
          {
            sql: "INSERT INTO events ( id , tenant_id , kind , body ) VALUES ( ? , ? , ? , ? )",
            waits: { "IO:XactSync": 1.2, CPU: 0.9 },
          },
          { sql: "SELECT * FROM subscriptions WHERE tenant_id = ? AND kind = ?", waits: { CPU: 0.8 } },
          {
            sql: "SELECT id , body FROM events WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?",
            waits: { CPU: 0.7, "IO:DataFileRead": 0.3 },
          },
        ],
        { ingest: 4.1, delivery: 2.5 },
      ),
      alarm: above("CommitLatency", 3, [3.32, 3.51, 3.44], 55),
      way: "probe-failed",
    };
  },
});
