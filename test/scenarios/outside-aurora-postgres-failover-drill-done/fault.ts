import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [old, now] = ["settle-1", "settle-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "settle",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A failover was rehearsed: the old writer reads now, and its alarm on few connections was made for a writer",
  world: (dice) => {
    const since = dice.number(50, 56);
    const turned =
      (before: number, after: number): Curve =>
      (ago) =>
        usual(ago > since ? before : after)(ago);
    const {
      AuroraReplicaLagMaximum: _lag,
      CommitLatency: _latency,
      CommitThroughput: _throughput,
      ...asReader
    } = calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 31, cpu: 12, iops: 90 });
    return {
      instances: [instanceOf(old, of), instanceOf(now, of)],
      cluster: clusterOf("settle", [now, old], { Engine: "aurora-postgresql", EngineVersion: "15.10" }),
      metrics: {
        ...asReader,
        AuroraReplicaLag: (ago) => (ago > since - 1 ? null : 18),
        CPUUtilization: turned(37, 12),
        DatabaseConnections: (ago) => (ago > since ? 182 : ago > since - 1 ? 0 : 31),
        EngineUptime: (ago) => (ago > since ? 41 * 86_400 : (since - ago) * 60),
        ReadIOPS: turned(310, 36),
        WriteIOPS: turned(420, 0),
        WriteThroughput: turned(8e6, 0),
        DBLoad: turned(2.4, 0.6),
        DBLoadCPU: turned(1.8, 0.5),
        DBLoadNonCPU: turned(0.6, 0.1),
        [`${now}/CPUUtilization`]: turned(12, 36),
        [`${now}/DatabaseConnections`]: turned(31, 179),
        [`${now}/FreeableMemory`]: usual(15.2 * 1024 ** 3),
        [`${now}/DBLoad`]: turned(0.6, 2.4),
      },
      events: [
        told(
          "settle",
          since + 0.3,
          "failover",
          `Started cross AZ failover to DB instance: ${now}`,
          "cluster",
        ),
        told(old, since - 0.6, "availability", "DB instance restarted"),
        told("settle", since - 0.4, "failover", `Completed failover to DB instance: ${now}`, "cluster"),
        told(now, since - 0.5, "availability", "DB instance restarted"),
      ],
      load: loadOf(
        { CPU: 0.5, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT s.* FROM settlements s WHERE s.batch_id = ?",
            waits: { CPU: 0.4, "IO:DataFileRead": 0.1 },
          },
        ],
        { settle_reports: 0.6 },
      ),
      alarm: below("DatabaseConnections", 80, [31, 30, 31], since - 5),
      way: "probe-failed",
    };
  },
});
