import { defineScenario } from "../scenario.ts";
import { context, steady } from "../support/rds.ts";

const mbit = 1e6 / 8;

export const scenario = defineScenario({
  engine: "postgres",
  title: "The same volume and class, busy at half of what the class lets pass: nothing is wrong",
  make: async (stage) => {
    await stage.pgSessions(stage.number(3, 8), stage.application());
    return { culprits: [] };
  },
  metrics: () => [
    steady("ReadThroughput", 2200 * mbit),
    steady("WriteThroughput", 300 * mbit),
    steady("ReadIOPS", 6000),
    steady("WriteIOPS", 400),
    steady("ReadLatency", 0.002),
    steady("DiskQueueDepth", 3),
  ],
  context: () =>
    context(
      {},
      {
        instanceClass: "db.r6g.4xlarge",
        vcpus: 16,
        storage: {
          type: "gp3",
          allocatedGib: 2000,
          limitGib: null,
          iops: 24_000,
          throughputMibps: 1000,
          operation: null,
          operationPercent: null,
        },
      },
    ),
});
