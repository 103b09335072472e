import { defineScenario } from "../scenario.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Standard support of PostgreSQL 14 ends within months, and extended support is charged then: a note",
  majors: [14],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () => context({}, { lifecycleSupport: "open-source-rds-extended-support" }),
});
