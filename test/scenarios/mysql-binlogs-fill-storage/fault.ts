import { defineScenario } from "../scenario.ts";
import { context, reading, steady, trend } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "mysql",
  title: "Binary logs that are kept too long take half of the volume, and a tenth is left",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  metrics: () => [trend("FreeStorageSpace", 10.2 * gib, 10 * gib), steady("BinLogDiskUsage", 52 * gib)],
  context: () =>
    context({
      readings: [
        reading(trend("FreeStorageSpace", 10.2 * gib, 10 * gib), "bytes", {
          day: 31 * gib,
          week: 40 * gib,
          capacity: 100 * gib,
        }),
        reading(steady("BinLogDiskUsage", 52 * gib), "bytes", { day: 33 * gib, week: 8 * gib }),
      ],
    }),
});
