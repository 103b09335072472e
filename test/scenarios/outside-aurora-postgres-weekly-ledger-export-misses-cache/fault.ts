import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const cluster = "ledger";
const [writer, reader] = ["ledger-1", "ledger-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};

/** Once a week at this hour, for two hours and twenty minutes. */
const weekly = (inside: number, outside: number): Curve => {
  return (ago) => {
    const from = ago > 5000 ? ago - 10_080 : ago;
    return from <= 55 && from >= -85 ? inside : outside;
  };
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Healthy: the weekly export reads old partitions that no cache holds, as a week ago at this hour; the alarm on the hit ratio is new, and nobody else waits",
  world: () => ({
    instances: [instanceOf(writer, like), instanceOf(reader, like)],
    cluster: clusterOf(cluster, [writer, reader], { Engine: like.Engine, EngineVersion: like.EngineVersion }),
    metrics: {
      ...withDays(
        calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 170, cpu: 33, iops: 900 }),
      ),
      ...calmReader(reader, 64),
      BufferCacheHitRatio: weekly(92.4, 99.8),
      ReadIOPS: weekly(4100, 360),
      ReadThroughput: weekly(67e6, 6.5e6),
      ReadLatency: weekly(0.0011, 0.0008),
      CPUUtilization: weekly(41, 33),
      DBLoad: weekly(3.7, 2.5),
      DBLoadCPU: weekly(2.6, 2),
      DBLoadNonCPU: weekly(1.1, 0.5),
    },
    events: nightlyBackup(writer),
    load: loadOf(
      { CPU: 2.6, "IO:DataFileRead": 0.9, "IO:XactSync": 0.2 },
      [
        {
          sql: "COPY (SELECT * FROM postings WHERE booked_on >= $1 AND booked_on < $2) TO STDOUT",
          waits: { "IO:DataFileRead": 0.8, CPU: 0.5 },
        },
        { sql: "SELECT balance FROM accounts WHERE id = $1", waits: { CPU: 0.9 } },
        {
          sql: "INSERT INTO postings (account_id, amount, booked_on) VALUES ($1, $2, $3)",
          waits: { CPU: 0.6, "IO:XactSync": 0.2 },
        },
      ],
      { ledger_api: 2.3, ledger_export: 1.4 },
    ),
    alarm: below("BufferCacheHitRatio", 95, [92.6, 92.3, 92.4], 50),
    way: "probe-failed",
  }),
});
