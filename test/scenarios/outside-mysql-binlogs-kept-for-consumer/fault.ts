import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "fulfilment-db";
const gib = 1024 ** 3;
/** Since the consumer of changes needs a week of them, 37 hours ago. */
const aMinute = 0.121;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Binary logs are kept for a week since a consumer asked for it: 268 GiB of them, 7.2 GiB an hour, 30 GiB are left",
  world: (dice) => {
    const kept = dice.number(266, 270);
    const logs: Curve = (ago) => Math.max(1.2, kept - aMinute * ago) * gib;
    const data: Curve = (ago) => (469.5 - kept - 0.0016 * ago) * gib;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "mysql",
          vcpus: 4,
          memoryGib: 32,
          connections: 164,
          cpu: 29,
          iops: 820,
        }),
        WriteThroughput: usual(11.6e6),
        BinLogDiskUsage: logs,
        FreeStorageSpace: (ago) => 500 * gib - (logs(ago) ?? 0) - (data(ago) ?? 0),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeStorageSpace", 34_359_738_368, [34.31e9, 34.2e9, 34.08e9], 9),
      way: "probe-failed",
    };
  },
});
