import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const [source, replica] = ["archive", "archive-ro"];
const like = {
  Engine: "postgres",
  EngineVersion: "16.6",
  DBInstanceClass: "db.t4g.medium",
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "postgres", memoryGib: 4, vcpus: 2, freeGib: 133 } as const;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Healthy: nothing is written to the source, so the replica's lag counts up to five minutes until the next log segment, over and over, as on every day",
  world: (dice) => {
    const turned = dice.number(0, 4);
    const quiet = {
      ...withoutInsights(calmRds({ ...calm, connections: 9, cpu: 5, iops: 7 })),
      WriteIOPS: () => 2.1,
      WriteThroughput: () => 71_000,
      TransactionLogsGeneration: () => 55_900,
    };
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, { ...like, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withoutInsights(calmRds({ ...calm, connections: 4, cpu: 4, iops: 5 })),
        WriteIOPS: () => 2,
        TransactionLogsGeneration: () => 0,
        ReplicaLag: (minutes) => 4 + ((((turned - Math.floor(minutes)) % 5) + 5) % 5) * 60,
        ...Object.fromEntries(Object.entries(quiet).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      changes: [
        {
          at: ago(190).toISOString(),
          source: "cloudtrail",
          subject: replica,
          what: "AddTagsToResource",
          by: "terraform-ci",
          detail: 'resourceName=archive-ro, tags=[{"key":"monitored","value":"yes"}]',
          error: null,
        },
      ],
      alarm: above("ReplicaLag", 100, [124, 184, 244], 6),
      way: "probe-failed",
    };
  },
});
