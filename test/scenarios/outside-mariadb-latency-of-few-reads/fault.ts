import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "intranet-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title: "A read every other second takes 25 ms, as last week: everything else comes from memory",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "mariadb",
        EngineVersion: "10.6.18",
        DBInstanceClass: "db.m6g.large",
        AllocatedStorage: 100,
        PerformanceInsightsEnabled: false,
      }),
    ],
    metrics: withoutInsights({
      ...calmRds({
        engine: "mariadb",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 61,
        connections: 38,
        cpu: 12,
        iops: 34,
      }),
      ReadIOPS: usual(0.5),
      ReadThroughput: usual(0.5 * 16_384),
      ReadLatency: usual(dice.number(24, 26) / 1000),
      WriteIOPS: usual(33),
      DiskQueueDepth: usual(0.06),
    }),
    events: nightlyBackup(id),
    load: null,
    alarm: above("ReadLatency", 0.02, [0.0243, 0.0261, 0.0232, 0.0255, 0.0249], 12),
    way: "probe-failed",
  }),
});
