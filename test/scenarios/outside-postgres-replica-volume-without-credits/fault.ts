import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "tariff-read";
const source = "tariff-db";

/** 5.4 million credits, of which 300 more go each second than 200 GiB of gp2 earn. */
const hours = 5;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A replica on a small gp2 volume has used up its credits under a load of the source, and falls behind",
  world: (dice) => {
    const dry = dice.number(33, 37);
    const loads = dry + hours * 60;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.12",
          DBInstanceClass: "db.m5.large",
          AllocatedStorage: 200,
          StorageType: "gp2",
          Iops: 600,
          ReadReplicaSourceDBInstanceIdentifier: source,
          PerformanceInsightsEnabled: false,
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          Engine: "postgres",
          EngineVersion: "14.12",
          DBInstanceClass: "db.m5.xlarge",
          AllocatedStorage: 200,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 52,
          connections: 47,
          cpu: 19,
          iops: 420,
        }),
        BurstBalance: between(loads, dry, 100, 0),
        ReadIOPS: even((ago) => (ago > loads ? usual(168)(ago) : ago > dry ? 310 : 212)),
        WriteIOPS: even((ago) => (ago > loads ? usual(252)(ago) : ago > dry ? 590 : 386)),
        ReadThroughput: steps(4e6, 3.6e6, dry),
        WriteThroughput: steps(7e6, 8.8e6, dry),
        // 598 a second with nine of them under way: 15 ms each.
        ReadLatency: steps(0.0009, 0.0146, dry),
        WriteLatency: steps(0.0017, 0.0152, dry),
        DiskQueueDepth: steps(0.6, 9, dry),
        ReplicaLag: between(dry, 0, 0.4, dry * 22),
        [`${source}/CPUUtilization`]: steps(24, 41, loads),
        [`${source}/DatabaseConnections`]: usual(88),
        [`${source}/WriteIOPS`]: steps(260, 870, loads),
      }),
      events: [
        told(source, 60 * 6, "configuration change", "Reset master credentials"),
        ...nightlyBackup(source),
      ],
      load: null,
      alarm: above("ReplicaLag", 300, [318, 341, 362], 19),
      way: "probe-failed",
    };
  },
});
