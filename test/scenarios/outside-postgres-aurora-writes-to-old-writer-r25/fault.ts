import { calmAurora } from "../support/outside/calm.ts";
import { during, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const [cluster, old, now] = ["ledger", "ledger-1", "ledger-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
  DBName: "ledger",
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The cluster failed over half an hour ago; the service's pool keeps the old writer's address, which reads only now, and each of its writes fails",
  world: (dice) => {
    const failed = dice.number(33, 36);
    const { DBLoad, DBLoadCPU, DBLoadNonCPU, ...calm } = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 164, cpu: 34, iops: 0 }),
    );
    const server = { pid: 402 };
    return {
      instances: [
        instanceOf(old, { ...like, AvailabilityZone: "eu-central-1a" }),
        instanceOf(now, { ...like, AvailabilityZone: "eu-central-1b" }),
      ],
      cluster: clusterOf(cluster, [now, old], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        CPUUtilization: steps(34, 19, failed),
        DatabaseConnections: during(failed + 1, failed - 1, 0, 164),
        CommitThroughput: steps(210, 0, failed),
        CommitLatency: steps(2.4, 0, failed),
        EngineUptime: (ago) => (ago > failed ? 41 * 86_400 - ago * 60 : (failed - ago) * 60),
        AuroraReplicaLag: (ago) => (ago > failed ? null : 21),
        [`${now}/CPUUtilization`]: steps(11, 9, failed),
        [`${now}/DatabaseConnections`]: steps(34, 41, failed),
        [`${now}/CommitThroughput`]: steps(0, 6, failed),
      },
      events: [
        told(old, failed - 0.3, "availability", "DB instance restarted"),
        told(now, failed - 0.2, "availability", "DB instance restarted"),
        told(cluster, failed, "failover", "Started cross AZ failover to DB instance: ledger-2", "cluster"),
        told(cluster, failed - 0.5, "failover", "Completed failover to DB instance: ledger-2", "cluster"),
        ...nightlyBackup(cluster),
      ],
      load: null,
      logs: [
        errorLog(
          [
            logged(failed - 0.3, server, "LOG:  database system is ready to accept read-only connections"),
            ...everySoOften(
              { from: failed - 1, to: 1, apart: 0.6 },
              { host: "10.4.18.23", user: "ledger_app", database: "ledger" },
              [
                "ERROR:  cannot execute INSERT in a read-only transaction",
                "STATEMENT:  INSERT INTO postings (account_id, amount, booked_at, reference) VALUES ($1, $2, $3, $4) RETURNING id",
              ],
            ),
          ],
          1,
        ),
      ],
      alarm: below("CommitThroughput", 20, [0, 0, 0], failed - 4),
      way: "probe-failed",
    };
  },
});
