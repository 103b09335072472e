import { defineScenario } from "../scenario.ts";
import { context, reading, series, steady } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "postgres",
  title: "No connection is possible; CloudWatch alone shows credits used up, slow storage and a busy CPU",
  look: "not-tried",
  make: async () => ({ culprits: [] }),
  context: (stage) => {
    const falling = Array.from({ length: 15 }, (_, index) => Math.max(0, 40 - 4 * index));
    const readings = [
      reading(series("BurstBalance", falling), "percent", { day: 98, week: 99 }),
      reading(steady("WriteLatency", stage.number(60, 140) / 1000), "seconds", { day: 0.003, week: 0.002 }),
      reading(steady("WriteIOPS", 310), "per-second", { day: 280, week: 260 }),
      reading(steady("DiskQueueDepth", 24), "count", { day: 0.4, week: 0.3 }),
      reading(steady("FreeStorageSpace", 70 * gib), "bytes", { day: 71 * gib, capacity: 100 * gib }),
    ];
    const storage = {
      type: "gp2",
      allocatedGib: 100,
      limitGib: null,
      iops: 300,
      throughputMibps: null,
      operation: null,
      operationPercent: null,
    };
    return context({ readings }, { storage });
  },
  metrics: (stage) => [
    series(
      "BurstBalance",
      Array.from({ length: 15 }, (_, index) => Math.max(0, 40 - 4 * index)),
    ),
    steady("WriteLatency", stage.number(60, 140) / 1000),
    steady("WriteIOPS", 310),
    steady("DiskQueueDepth", 24),
    steady("FreeStorageSpace", 70 * gib),
  ],
});
