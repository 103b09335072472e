import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, even, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "portal-db";
const mib = 1024 ** 2;
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Made a t4g.micro at night to save money, the tables no longer fit into memory; their reads spent the burst credits of 20 GiB of gp2, and 100 IOPS are left",
  world: (dice) => {
    const empty = dice.number(54, 58);
    const changed = 610;
    const phases = (before: number, bursting: number, spent: number): Curve => {
      return (at) => (at > changed ? before : at > empty ? bursting : spent);
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.t4g.micro",
          AllocatedStorage: 20,
          StorageType: "gp2",
          Iops: undefined,
          StorageThroughput: undefined,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          withDays(
            calmRds({
              engine: "mariadb",
              vcpus: 2,
              memoryGib: 4,
              freeGib: 11,
              connections: 17,
              cpu: 9,
              iops: 30,
            }),
          ),
        ),
        // 5.4 million credits in some 554 minutes: 162 a second more than the 100 that are earned.
        BurstBalance: (at) => (at > changed ? 100 : between(changed, empty, 100, 0)(at)),
        ReadIOPS: Object.assign(phases(0.4, 236, 84), { rough: 0.04 }),
        WriteIOPS: Object.assign(phases(18, 26, 16), { rough: 0.04 }),
        ReadLatency: phases(0.0006, 0.0009, 0.118),
        WriteLatency: phases(0.0012, 0.0016, 0.127),
        ReadThroughput: phases(7000, 3.9e6, 1.4e6),
        WriteThroughput: phases(0.36e6, 0.44e6, 0.3e6),
        DiskQueueDepth: phases(0.03, 0.26, 11.8),
        FreeableMemory: even(phases(1.3 * gib, 71 * mib, 62 * mib)),
        SwapUsage: phases(0, 340 * mib, 418 * mib),
        CPUUtilization: phases(9, 16, 14),
        DatabaseConnections: phases(17, 17, 29),
        CPUCreditBalance: even(usual(280)),
      },
      events: [
        told(id, changed, "configuration change", "Applying modification to database instance class"),
        told(id, changed - 4, "availability", "DB instance restarted"),
        told(id, changed - 5, "configuration change", "Finished applying modification to DB instance class"),
        ...nightlyBackup(id),
      ],
      load: null,
      changes: [
        {
          at: ago(changed + 2).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "dBInstanceIdentifier=portal-db, dBInstanceClass=db.t4g.micro, applyImmediately=true",
          error: null,
          before: { dBInstanceClass: "db.t4g.medium" },
        },
      ],
      alarm: above("ReadLatency", 0.05, [0.112, 0.121, 0.117], empty - 6),
      alsoAlarms: [above("DiskQueueDepth", 8, [11.2, 12.4, 11.9], empty - 6)],
      way: "probe-failed",
    };
  },
});
