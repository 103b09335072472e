import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago as at, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "warehouse-read-2";
const source = "warehouse-main";
const of = {
  Engine: "postgres",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.xlarge",
  AllocatedStorage: 600,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A new replica had 70 minutes to catch up on, did so an hour ago and keeps up; its alarm has gone back to OK",
  world: (dice) => {
    const made = dice.number(290, 330);
    const caught = dice.number(58, 66);
    const lag = (ago: number) => {
      if (ago > made) return null;
      return ago > caught ? ((ago - caught) / (made - caught)) * 4200 : 0.6;
    };
    const young = Object.entries(
      withoutInsights(
        calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 233,
          connections: 38,
          cpu: 19,
          iops: 700,
        }),
      ),
    ).map(([name, curve]) => [name, (ago: number) => (ago > made ? null : curve(ago))]);
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
          InstanceCreateTime: at(made),
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, { ...of, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: {
        ...Object.fromEntries(young),
        ReplicaLag: lag,
        [`${source}/CPUUtilization`]: usual(34),
        [`${source}/DatabaseConnections`]: usual(121),
        [`${source}/WriteIOPS`]: usual(910),
        [`${source}/WriteThroughput`]: usual(17e6),
      },
      events: [told(id, made, "creation", "DB instance created"), ...nightlyBackup(source)],
      load: null,
      alarm: { ...above("ReplicaLag", 900, [4188, 4171, 4152], made - 5), state: "OK" },
      way: "probe-failed",
    };
  },
});
