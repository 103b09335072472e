import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, type Curve, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "integrations-db";
const gib = 1024 ** 3;
/** GiB of data, 4.5 GiB an hour, since the release of 30 hours ago. */
const aMinute = 0.075;
const since = 1800;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Since a release every webhook is kept with its whole body: 4.5 GiB an hour of data, 17.6 of 300 GiB are left, and the volume may not grow",
  world: (dice) => {
    const left = dice.number(174, 178) / 10;
    const free: Curve = (minutes) =>
      (left + aMinute * Math.min(minutes, since) + 0.0004 * Math.max(0, minutes - since)) * gib;
    const calm = withDays(
      calmRds({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 88, cpu: 24, iops: 300 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.r5.large",
          AllocatedStorage: 300,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calm,
        FreeStorageSpace: free,
        BinLogDiskUsage: (minutes) => (minutes > since ? 0.31 : 0.94) * gib,
        WriteIOPS: turns(byHour(180), since, 520),
        WriteThroughput: turns(byHour(3.8e6), since, 9.4e6),
        NetworkReceiveThroughput: turns(byHour(0.8e6), since, 2.3e6),
        CPUUtilization: turns(byHour(24), since, 29),
      }),
      events: [
        told(
          id,
          77,
          "low storage",
          "The free storage capacity for DB Instance: integrations-db is low at 8% of the provisioned storage [Provisioned Storage: 294.30 GB, Free Storage: 23.42 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        ...nightlyBackup(id),
      ],
      load: null,
      alarm: below("FreeStorageSpace", 21_474_836_480, [21.43e9, 21.35e9, 21.27e9], 24, "Minimum"),
      way: "probe-failed",
    };
  },
});
