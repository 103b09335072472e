import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const [source, replica] = ["orders-eu", "orders-eu-delayed-1h"];
const like = {
  Engine: "mysql",
  EngineVersion: "8.0.40",
  DBInstanceClass: "db.m6g.large",
  PerformanceInsightsEnabled: false,
};
const calm = { engine: "mysql", memoryGib: 8, vcpus: 2 } as const;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Healthy: a replica that is kept one hour behind on purpose, as a way back from a wrong DELETE, was put under the alarm of all replicas",
  world: () => {
    const ofSource = withDays(
      withoutInsights(calmRds({ ...calm, freeGib: 74, connections: 96, cpu: 31, iops: 340 })),
    );
    return {
      instances: [
        instanceOf(replica, {
          ...like,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          TagList: [
            { Key: "purpose", Value: "delayed by 3600 s on purpose, see mysql.rds_set_source_delay" },
          ],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...like, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, freeGib: 71, connections: 3, cpu: 12, iops: 220 }))),
        ReplicaLag: even(() => 3600),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      load: null,
      alarm: above("ReplicaLag", 900, [3600, 3600, 3601], 8),
      way: "probe-failed",
    };
  },
});
