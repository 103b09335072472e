import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const replica = "stores-bi";
const source = "stores-main";
const of = {
  Engine: "mariadb",
  EngineVersion: "10.11.10",
  DBInstanceClass: "db.m6g.large",
  AllocatedStorage: 220,
};
const down = 58;
const up = 44;
const caughtUp = 12;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A replica was patched for 14 min, applied what it had missed, and is up to date since a while: nothing to be done",
  world: (dice) => {
    const behind = dice.number(860, 900);
    const lag: Curve = (ago) => {
      if (ago > up || ago < caughtUp) return 0;
      return (behind * (ago - caughtUp)) / (up - caughtUp);
    };
    const calm = withDays(
      calmRds({
        engine: "mariadb",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 97,
        connections: 23,
        cpu: 21,
        iops: 290,
      }),
    );
    return {
      instances: [
        instanceOf(replica, {
          ...of,
          EngineVersion: "10.11.11",
          PerformanceInsightsEnabled: false,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, {
          ...of,
          PerformanceInsightsEnabled: false,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: withoutInsights(
        gapped(
          {
            ...calm,
            ReplicaLag: lag,
            [`${source}/CPUUtilization`]: () => 33,
            [`${source}/DatabaseConnections`]: () => 152,
            [`${source}/WriteIOPS`]: () => 210,
            [`${source}/WriteThroughput`]: () => 4.6e6,
          },
          down,
          up,
        ),
      ),
      events: [
        told(replica, up, "maintenance", "Finished applying off-line patches to DB instance"),
        told(replica, up + 1, "availability", "DB instance restarted"),
        told(replica, down, "availability", "DB instance shutdown"),
        told(replica, down + 1, "maintenance", "Applying off-line patches to DB instance"),
        ...nightlyBackup(source),
      ],
      load: null,
      alarm: { ...above("ReplicaLag", 300, [860, 838, 812], 42, "Maximum"), state: "OK" },
      way: "probe-failed",
    };
  },
});
