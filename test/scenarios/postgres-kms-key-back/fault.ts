import { defineScenario } from "../scenario.ts";
import { context, event } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "RDS could not use the KMS key for some minutes this morning and can again; nothing is wrong",
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () =>
    context({
      events: [
        event(
          80,
          ["failure"],
          "Amazon RDS can now successfully access the KMS encryption key for database instance scenario-db.",
        ),
        event(
          95,
          ["failure"],
          "Amazon RDS is unable to access the KMS encryption key for database instance scenario-db.",
        ),
      ],
    }),
});
