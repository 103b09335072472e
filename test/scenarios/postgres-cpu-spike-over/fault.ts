import { defineScenario } from "../scenario.ts";
import { series } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The CPU was at 95 % for a minute and is not any more: nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 8), stage.application());
    return { culprits: [] };
  },
  metrics: (stage) => [
    series("CPUUtilization", [
      14,
      15,
      13,
      16,
      14,
      15,
      12,
      14,
      13,
      15,
      14,
      95 + stage.number(0, 4),
      31,
      16,
      14,
    ]),
  ],
});
