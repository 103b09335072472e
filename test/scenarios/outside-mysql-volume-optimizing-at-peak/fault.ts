import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "tickets-prod";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A volume was grown from 380 to 500 GiB before noon; while it is spread anew every read and write takes ten times as long",
  world: (dice) => {
    const since = dice.number(118, 124);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6i.2xlarge",
          DBInstanceStatus: "storage-optimization",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 196,
            connections: 310,
            cpu: 47,
            iops: 1500,
          }),
        ),
        ReadLatency: steps(0.0008, 0.017, since),
        WriteLatency: steps(0.0018, 0.026, since),
        ReadIOPS: steps(600, 540, since),
        WriteIOPS: steps(900, 830, since),
        DiskQueueDepth: steps(2.1, 31, since),
        CPUUtilization: steps(47, 41, since),
        DatabaseConnections: steps(310, 402, since - 3),
      }),
      events: [
        told(id, since + 7, "configuration change", "Applying modification to allocated storage."),
        told(id, since, "configuration change", "Finished applying modification to allocated storage."),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 9).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: `dBInstanceIdentifier=${id} allocatedStorage=500 iops=12000 storageThroughput=500 applyImmediately=true`,
          error: null,
        },
      ],
      load: null,
      alarm: above("WriteLatency", 0.02, [0.0251, 0.0268, 0.0259, 0.0262, 0.0271], since - 6),
      way: "probe-failed",
    };
  },
});
