import { defineScenario } from "../scenario.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The same database on a version that is supported for years",
  majors: [17],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () => context({}, { lifecycleSupport: "open-source-rds-extended-support" }),
});
