import { defineScenario } from "../scenario.ts";
import { context, reading, trend } from "../support/rds.ts";

const mib = 1024 ** 2;

export const scenario = defineScenario({
  engine: "mysql",
  title: "Memory runs out since this morning and the instance swaps",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 9), stage.application());
    return { culprits: [] };
  },
  metrics: () => [trend("FreeableMemory", 700 * mib, 210 * mib), trend("SwapUsage", 90 * mib, 900 * mib)],
  context: () =>
    context({
      readings: [
        reading(trend("FreeableMemory", 700 * mib, 210 * mib), "bytes", {
          day: 3100 * mib,
          week: 3000 * mib,
        }),
        reading(trend("SwapUsage", 90 * mib, 900 * mib), "bytes", { day: 4 * mib, week: 4 * mib }),
      ],
    }),
});
