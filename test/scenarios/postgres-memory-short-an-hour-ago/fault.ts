import { defineScenario } from "../scenario.ts";
import { context, event, reading, steady } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "postgres",
  title: "RDS took memory from the shared buffers 40 minutes ago; there is plenty again: it is over",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  metrics: () => [steady("FreeableMemory", 6 * gib)],
  context: () =>
    context({
      readings: [reading(steady("FreeableMemory", 6 * gib), "bytes", { day: 6 * gib, week: 6 * gib })],
      events: [
        event(
          40,
          ["notification"],
          "The database is running with critically low memory; shared_buffers was lowered.",
        ),
      ],
    }),
});
