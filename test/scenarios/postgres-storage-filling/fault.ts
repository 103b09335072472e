import { defineScenario } from "../scenario.ts";
import { context, reading, trend } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "postgres",
  title: "A fifth of the storage is left and it falls by a gibibyte every few minutes",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  metrics: () => [trend("FreeStorageSpace", 16 * gib, 12 * gib)],
  context: () => {
    const free = trend("FreeStorageSpace", 16 * gib, 12 * gib);
    return context({
      readings: [reading(free, "bytes", { day: 48 * gib, week: 50 * gib, capacity: 100 * gib })],
    });
  },
});
