import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { daily, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";
import { inTurn } from "../support/outside/saws.ts";

const [source, replica] = ["subscriptions-prod", "subscriptions-bi"];
const mib = 1024 ** 2;
const like = {
  Engine: "postgres",
  EngineVersion: "14.17",
  AllocatedStorage: 1000,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "postgres", memoryGib: 32, vcpus: 4, freeGib: 377 } as const;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The source deletes old invoices and vacuums; replay on the replica waits its 30 s for the reports and then cancels them, again and again",
  world: (dice) => {
    const since = dice.number(42, 47);
    const ofSource = {
      ...withDays(withoutInsights(calmRds({ ...calm, connections: 204, cpu: 31, iops: 700 }))),
      WriteIOPS: turns(daily(420, 0.2), since, 1180),
      WriteThroughput: turns(daily(8.8e6, 0.2), since, 27e6),
      TransactionLogsGeneration: turns(daily(1.9 * mib, 0.2), since, 6.4 * mib),
    };
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          DBInstanceClass: "db.r6g.xlarge",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 29, cpu: 38, iops: 1100 }))),
        ReplicaLag: inTurn(usual(0.6), since, [19, 24, 27, 22, 8, 25, 29, 23, 21, 12]),
        WriteIOPS: turns(daily(390, 0.2), since, 1010),
        WriteThroughput: turns(daily(8.1e6, 0.2), since, 24e6),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      logs: [
        errorLog(
          everySoOften(
            { from: since - 1, to: 1, apart: 2.3 },
            { host: "10.31.8.14", user: "bi_reports", database: "subscriptions" },
            [
              "ERROR:  canceling statement due to conflict with recovery",
              "DETAIL:  User query might have needed to see row versions that must be removed.",
              "STATEMENT:  SELECT date_trunc('month', i.issued_at), p.name, sum(i.total) FROM invoices i JOIN plans p ON p.id = i.plan_id WHERE i.issued_at >= $1 GROUP BY 1, 2",
            ],
          ),
          1,
        ),
      ],
      alarm: above("ReplicaLag", 20, [24.2, 27.1, 22.3], since - 5),
      way: "probe-failed",
    };
  },
});
