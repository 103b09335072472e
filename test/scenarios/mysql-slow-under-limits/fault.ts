import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Requests to storage are slow although the volume is far under its limits: no larger limits help",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  metrics: (stage) => [
    steady("ReadLatency", stage.number(40, 80) / 1000),
    steady("ReadIOPS", 900),
    steady("WriteIOPS", 300),
    steady("ReadThroughput", 30 * 1024 ** 2),
    steady("WriteThroughput", 8 * 1024 ** 2),
  ],
  context: (stage) =>
    context(
      {
        readings: [
          reading(steady("ReadLatency", stage.number(40, 80) / 1000), "seconds", { day: 0.001, week: 0.001 }),
        ],
      },
      {
        storage: {
          type: "gp3",
          allocatedGib: 500,
          limitGib: null,
          iops: 12_000,
          throughputMibps: 500,
          operation: null,
          operationPercent: null,
        },
      },
    ),
});
