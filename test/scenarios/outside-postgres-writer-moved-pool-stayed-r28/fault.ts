import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, gapped, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const [old, now] = ["dispatch-a", "dispatch-b"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "dispatch",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The cluster failed over to dispatch-b; the pool came back to dispatch-a by its own address, and every write is refused there as read-only",
  world: (dice) => {
    const moved = dice.number(21, 24);
    const since = (before: number, after: number): Curve => {
      const day = usual(before);
      return (minutes) => (minutes > moved ? day(minutes) : after);
    };
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 156, cpu: 36, iops: 620 }),
    );
    const { VolumeBytesUsed, AuroraReplicaLagMaximum, ...ofInstance } = calm;
    const metrics = {
      ...ofInstance,
      CPUUtilization: since(36, 13),
      CommitThroughput: since(210, 0.02),
      CommitLatency: since(2.4, 0),
      WriteIOPS: since(370, 1.2),
      WriteThroughput: since(7.8e6, 26_000),
      DBLoad: since(0.7, 0.26),
      DBLoadCPU: since(0.55, 0.22),
      DBLoadNonCPU: since(0.16, 0.04),
      EngineUptime: (minutes: number) =>
        minutes > moved ? 41 * 86_400 - minutes * 60 : (moved - minutes) * 60,
      AuroraReplicaLag: (minutes: number) => (minutes > moved ? null : 19),
    };
    return {
      instances: [
        instanceOf(old, { ...like, AvailabilityZone: "eu-central-1a" }),
        instanceOf(now, { ...like, AvailabilityZone: "eu-central-1b" }),
      ],
      cluster: clusterOf("dispatch", [now, old], { Engine: "aurora-postgresql" }),
      metrics: {
        ...gapped(metrics, moved, moved - 1),
        ...(VolumeBytesUsed ? { VolumeBytesUsed } : {}),
        ...(AuroraReplicaLagMaximum ? { AuroraReplicaLagMaximum } : {}),
        [`${now}/CPUUtilization`]: since(12, 9),
        [`${now}/DatabaseConnections`]: since(31, 33),
        [`${now}/FreeableMemory`]: usual(4.9 * 1024 ** 3),
        [`${now}/DBLoad`]: since(0.5, 0.4),
        [`${now}/CommitThroughput`]: since(0, 1.4),
        [`${now}/EngineUptime`]: (minutes) =>
          minutes > moved ? 41 * 86_400 - minutes * 60 : (moved - minutes) * 60,
      },
      events: [
        told("dispatch", moved - 1, "failover", `Completed failover to DB instance: ${now}`, "cluster"),
        told(old, moved - 1, "availability", "DB instance restarted"),
        told(now, moved - 1, "availability", "DB instance restarted"),
        told(old, moved, "availability", "DB instance shutdown"),
        told("dispatch", moved, "failover", `Started cross AZ failover to DB instance: ${now}`, "cluster"),
      ],
      load: loadOf(
        { CPU: 0.22, "Client:ClientRead": 0.04 },
        [{ sql: "SELECT * FROM jobs WHERE state = $1 AND courier_id = $2", waits: { CPU: 0.14 } }],
        { dispatch_app: 0.24, rdsadmin: 0.02 },
      ),
      logs: [
        errorLog(
          [
            ...everySoOften(
              { from: moved - 2, to: 1, apart: 0.4 },
              { host: "10.4.18.23", user: "dispatch_app", database: "dispatch" },
              [
                "ERROR:  cannot execute INSERT in a read-only transaction",
                "STATEMENT:  INSERT INTO assignments (job_id, courier_id, offered_at) VALUES ($1, $2, now()) RETURNING id",
              ],
            ),
            ...everySoOften(
              { from: 0.9, to: 0.5, apart: 0.2 },
              { host: "10.4.33.9", user: "dispatch_app", database: "dispatch" },
              [
                "ERROR:  cannot execute UPDATE in a read-only transaction",
                "STATEMENT:  UPDATE jobs SET state = $1 WHERE id = $2",
              ],
            ),
          ],
          0.5,
        ),
      ],
      alarm: below("CommitThroughput", 40, [0.02, 0.02, 0.02], moved - 5),
      way: "probe-failed",
    };
  },
});
