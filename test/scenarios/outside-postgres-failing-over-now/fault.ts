import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import type { Curve } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "tickets-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A Multi-AZ primary lost its network three minutes ago: the failover has begun and is not told as done",
  world: (dice) => {
    const begun = dice.number(2, 3) + 0.4;
    const calm = calmRds({
      engine: "postgres",
      vcpus: 8,
      memoryGib: 32,
      freeGib: 402,
      connections: 310,
      cpu: 44,
      iops: 1900,
    });
    const until =
      (curve: Curve): Curve =>
      (ago) =>
        ago > begun + 0.6 ? curve(ago) : null;
    const started = told(id, begun, "failover", "Multi-AZ instance failover started.");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m5.2xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1c",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights(
        Object.fromEntries(Object.entries(calm).map(([name, curve]) => [name, until(curve)])),
      ),
      events: [...nightlyBackup(id), started, told(id, begun - 1.2, "availability", "DB instance restarted")],
      load: null,
      notice: notice("RDS-EVENT-0013", started),
      way: "dropped",
    };
  },
});
