import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The same load as every day, more than the machine has: it has to be larger",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(8, 16), stage.application());
    return { culprits: [] };
  },
  metrics: () => [steady("CPUUtilization", 94), steady("DBLoadCPU", 5.2)],
  context: () =>
    context({
      readings: [
        reading(steady("CPUUtilization", 94), "percent", { day: 92, week: 90 }),
        reading(steady("DBLoadCPU", 5.2), "average-sessions", { day: 4.9, week: 4.4, capacity: 2 }),
      ],
    }),
});
