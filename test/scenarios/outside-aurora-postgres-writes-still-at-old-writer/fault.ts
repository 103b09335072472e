import { calmAurora } from "../support/outside/calm.ts";
import { gapped, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const was = "billing-1";
const writes = "billing-2";
const cluster = "billing";

export const scenario = defineOutside({
  engine: "postgres",
  title: "One service is configured with an instance's endpoint: since the failover it writes at a reader",
  world: (dice) => {
    const since = dice.number(17, 21);
    const of = {
      Engine: "aurora-postgresql",
      EngineVersion: "14.13",
      DBInstanceClass: "db.r5.xlarge",
      DBClusterIdentifier: cluster,
    };
    return {
      instances: [instanceOf(was, of), instanceOf(writes, of)],
      cluster: clusterOf(cluster, [writes, was], { Engine: "aurora-postgresql", EngineVersion: "14.13" }),
      metrics: gapped(
        {
          ...calmAurora({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 32,
            connections: 132,
            cpu: 33,
            iops: 510,
          }),
          CPUUtilization: steps(33, 12, since),
          DatabaseConnections: steps(132, 61, since),
          DBLoad: steps(1.3, 0.4, since),
          DBLoadCPU: steps(1, 0.3, since),
          DBLoadNonCPU: steps(0.3, 0.1, since),
          CommitThroughput: steps(210, 0, since),
          CommitLatency: (ago) => (ago > since ? 2.4 : null),
          WriteLatency: (ago) => (ago > since ? 0.0015 : null),
          DiskQueueDepth: steps(0.6, 0.1, since),
          NetworkReceiveThroughput: steps(1.2e6, 0.3e6, since),
          NetworkTransmitThroughput: steps(4.1e6, 1.6e6, since),
          WriteIOPS: steps(300, 0, since),
          WriteThroughput: steps(6.4e6, 0, since),
          EngineUptime: (ago) => (ago > since ? 54 * 86_400 - ago * 60 : (since - ago) * 60),
          AuroraReplicaLag: (ago) => (ago > since ? null : 17),
          AuroraReplicaLagMaximum: (ago) => (ago > since ? 19 : null),
          [`${writes}/CPUUtilization`]: steps(9, 27, since),
          [`${writes}/DatabaseConnections`]: steps(22, 91, since),
          [`${writes}/FreeableMemory`]: usual(8 * 1024 ** 3),
          [`${writes}/DBLoad`]: steps(0.3, 1, since),
        },
        since,
        since - 1.5,
      ),
      events: [
        told(
          cluster,
          since + 0.5,
          "failover",
          `Started cross AZ failover to DB instance: ${writes}`,
          "cluster",
        ),
        told(cluster, since - 0.6, "failover", `Completed failover to DB instance: ${writes}`, "cluster"),
        told(was, since - 1.2, "availability", "DB instance restarted"),
        told(writes, since - 0.8, "availability", "DB instance restarted"),
      ],
      load: loadOf(
        { CPU: 0.3, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT id, total, due_on FROM bills WHERE customer_id = ? AND paid_at IS NULL",
            waits: { CPU: 0.2 },
          },
          {
            sql: "SELECT rate FROM vat_rates WHERE country = ?",
            waits: { CPU: 0.1, "IO:DataFileRead": 0.1 },
          },
        ],
        { invoicing: 0.3, portal: 0.1 },
      ),
      logs: [
        errorLog(
          everySoOften(
            { from: since - 2, to: 0.3, apart: 0.4 },
            { host: "10.4.33.9", user: "invoicing", database: "billing" },
            [
              "ERROR:  cannot execute INSERT in a read-only transaction",
              "STATEMENT:  INSERT INTO bills (customer_id, total, due_on) VALUES ($1, $2, $3)",
            ],
          ),
          since - 2,
        ),
      ],
      alarm: below("CommitThroughput", 20, [0, 0, 0], since - 6),
      way: "probe-failed",
    };
  },
});
