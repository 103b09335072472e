import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

const mib = 1024 ** 2;

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A micro with 98 MiB of memory free, as on every day of its life: nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  metrics: () => [steady("FreeableMemory", 98 * mib), steady("SwapUsage", 140 * mib)],
  context: () =>
    context(
      {
        readings: [
          reading(steady("FreeableMemory", 98 * mib), "bytes", { day: 101 * mib, week: 99 * mib }),
          reading(steady("SwapUsage", 140 * mib), "bytes", { day: 138 * mib, week: 141 * mib }),
        ],
      },
      { instanceClass: "db.t4g.micro" },
    ),
});
