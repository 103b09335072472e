import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "bookings-eu";
const from = 388;
const to = 142;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The volume was moved from gp2 to gp3 this morning and was slower meanwhile; it has been done for two hours",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "15.12",
        DBInstanceClass: "db.m6i.xlarge",
        MultiAZ: true,
        AllocatedStorage: 800,
        Iops: 12_000,
        StorageThroughput: 500,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: {
      ...withoutInsights(
        withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 344,
            connections: dice.number(110, 124),
            cpu: 34,
            iops: 1450,
          }),
        ),
      ),
      ReadLatency: during(from, to, 0.0064, 0.0008),
      WriteLatency: during(from, to, 0.0081, 0.0014),
      DiskQueueDepth: during(from, to, 10.8, 1.7),
    },
    events: [
      told(id, to, "configuration change", "Finished applying modification to allocated storage."),
      told(id, from, "configuration change", "Applying modification to allocated storage."),
      ...nightlyBackup(id),
    ],
    load: null,
    changes: [
      {
        at: ago(from + 2).toISOString(),
        source: "cloudtrail",
        subject: id,
        what: "ModifyDBInstance",
        by: "m.lindqvist",
        detail: '{"storageType":"gp3","applyImmediately":true}',
        error: null,
      },
    ],
    alarm: { ...above("ReadLatency", 0.005, [0.0061, 0.0066, 0.0063], 379), state: "OK" },
    way: "probe-failed",
  }),
});
