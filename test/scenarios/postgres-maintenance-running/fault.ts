import { defineScenario } from "../scenario.ts";
import { context, event } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "RDS upgrades the engine in its window; the database cannot be reached meanwhile",
  look: "stopped",
  make: async () => ({ culprits: [] }),
  context: (stage) =>
    context(
      {
        events: [event(stage.number(2, 9), ["maintenance"], "DB engine version upgrade started.")],
      },
      { status: "upgrading" },
    ),
});
