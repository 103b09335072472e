import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "catalog-maria";
const began = 196;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "An import reads more than a db.r5.large may for long; after two hours and a half its EBS burst is spent, and it is held at the 3,600 IOPS of its class though the volume has 12,000",
  world: (dice) => {
    const spent = dice.number(44, 48);
    const phases = (before: number, burst: number, held: number) => (ago: number) =>
      ago > began ? (usual(before)(ago) ?? 0) : ago > spent ? burst : held;
    const before = withDays(
      withoutInsights(
        calmRds({
          engine: "mariadb",
          vcpus: 2,
          memoryGib: 16,
          connections: 96,
          cpu: 29,
          iops: 1500,
          freeGib: 310,
        }),
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.r5.large",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...before,
        // 27.3 million credits, and 3,200 a second more than the baseline: 142 minutes and a little.
        "EBSIOBalance%": even(between(began, spent, 99, 0)),
        "EBSByteBalance%": (ago) =>
          ago > spent ? (between(began, spent, 99, 71)(ago) ?? 0) : (between(spent, 0, 71, 76)(ago) ?? 0),
        ReadIOPS: Object.assign(phases(610, 5200, 2650), { rough: 0.04 }),
        WriteIOPS: Object.assign(phases(890, 1600, 940), { rough: 0.04 }),
        ReadThroughput: phases(11e6, 85e6, 43.4e6),
        WriteThroughput: phases(18e6, 27e6, 16e6),
        ReadLatency: phases(0.0007, 0.0009, 0.0182),
        WriteLatency: phases(0.0015, 0.0017, 0.0171),
        DiskQueueDepth: phases(1.8, 7.4, 64),
        CPUUtilization: phases(29, 57, 33),
        DatabaseConnections: (ago) =>
          ago > spent ? (usual(96)(ago) ?? 0) : (between(spent, spent - 24, 96, 187)(ago) ?? 0),
      },
      events: nightlyBackup(id),
      load: null,
      changes: [
        {
          at: ago(60 * 24 * 17).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "j.keller",
          detail: `dBInstanceIdentifier=${id}, allocatedStorage=600, iops=12000, storageThroughput=500, applyImmediately=true`,
          error: null,
          before: { allocatedStorage: "380", iops: "3000", storageThroughput: "125" },
        },
      ],
      alarm: above("ReadLatency", 0.01, [0.0174, 0.0188, 0.0179], spent - 5),
      alsoAlarms: [above("DiskQueueDepth", 40, [61.2, 66.9, 63.4], spent - 6)],
      way: "probe-failed",
    };
  },
});
