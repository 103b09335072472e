import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

const mib = 1024 ** 2;

export const scenario = defineScenario({
  engine: "mysql",
  title: "The buffer pool fills the memory as it should, today as a week ago: nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 9), stage.application());
    return { culprits: [] };
  },
  metrics: () => [steady("FreeableMemory", 1300 * mib), steady("SwapUsage", 12 * mib)],
  context: () =>
    context({
      readings: [
        reading(steady("FreeableMemory", 1300 * mib), "bytes", { day: 1290 * mib, week: 1320 * mib }),
        reading(steady("SwapUsage", 12 * mib), "bytes", { day: 12 * mib, week: 11 * mib }),
      ],
    }),
});
