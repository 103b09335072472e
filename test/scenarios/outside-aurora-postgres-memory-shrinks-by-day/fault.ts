import { calmAurora, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf } from "../support/outside/described.ts";

const id = "tenants-1";
const reader = "tenants-2";
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const version = { Engine: "aurora-postgresql", EngineVersion: "15.8" };
const of = {
  ...version,
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "tenants",
  PerformanceInsightsEnabled: false,
};

/** Sessions that stay for days keep every table of every tenant in their caches. */
const free: Curve = (ago) => (ago > 5000 ? 4.1 : ago > 900 ? 3.1 : 0.42 + 0.0031 * ago) * gib;
const swap: Curve = (ago) => (ago > 900 ? 14 : Math.max(14, 790 - 2.4 * ago)) * mib;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The same connections as ever take more memory every hour; 0.4 GiB are left, it swaps, and Performance Insights is off",
  world: (dice) => ({
    instances: [instanceOf(id, of), instanceOf(reader, of)],
    cluster: clusterOf("tenants", [id, reader], version),
    metrics: withoutInsights({
      ...calmAurora({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 16,
        connections: dice.number(396, 424),
        cpu: 29,
        iops: 340,
      }),
      FreeableMemory: free,
      SwapUsage: swap,
      CPUUtilization: steps(29, 38, 70),
      CommitLatency: steps(2.4, 3.9, 70),
      BufferCacheHitRatio: usual(99.6),
      ...calmReader(reader, 16),
    }),
    events: [],
    load: null,
    alarm: below("FreeableMemory", 512 * mib, [508 * mib, 501 * mib, 489 * mib], 19),
    way: "probe-failed",
  }),
});
