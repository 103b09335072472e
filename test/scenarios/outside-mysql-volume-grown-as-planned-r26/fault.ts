import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { byDay } from "../support/outside/recurring.ts";

const id = "catalog-db";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong any more: the volume was nearly full, a person has grown it from 500 to 800 GiB as planned, and RDS still optimizes it",
  world: (dice) => {
    const grown = dice.number(21, 26);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6i.xlarge",
          DBInstanceStatus: "storage-optimization",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({ engine: "mysql", vcpus: 4, memoryGib: 16, connections: 138, cpu: 29, iops: 900 }),
          ),
        ),
        FreeStorageSpace: turns(byDay(44 * gib, -0.9 * gib), grown, 344 * gib),
        WriteLatency: turns(usual(0.0015), grown, 0.0021),
        ReadLatency: turns(usual(0.0007), grown, 0.0009),
      },
      events: [
        told(id, grown, "configuration change", "Finished applying modification to allocated storage"),
        told(id, grown + 5, "configuration change", "Applying modification to allocated storage"),
        told(
          id,
          grown + 170,
          "low storage",
          "The free storage capacity for DB Instance: catalog-db is low at 9% of the provisioned storage [Provisioned Storage: 499.93 GB, Free Storage: 44.21 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      changes: [
        {
          at: ago(grown + 7).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "a.nowak",
          detail: `dBInstanceIdentifier=${id}, allocatedStorage=800, iops=12000, storageThroughput=500, applyImmediately=true`,
          error: null,
          before: { allocatedStorage: "500" },
        },
      ],
      alarm: {
        ...below("FreeStorageSpace", 45 * gib, [48_290_000_000, 48_280_000_000, 48_270_000_000], grown + 174),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
