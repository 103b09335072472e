import { defineScenario } from "../scenario.ts";
import { steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The server is gone: nothing listens on its port",
  look: "stopped",
  make: async (stage) => {
    await stage.pgSessions(stage.number(1, 5), stage.application());
    return { culprits: [] };
  },
  // What CloudWatch last knew, of before it went down.
  metrics: () => [steady("CPUUtilization", 12)],
});
