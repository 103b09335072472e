import { defineScenario } from "../scenario.ts";
import { context, event } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody disabled the KMS key; after two hours RDS stopped the database",
  look: "stopped",
  make: async () => ({ culprits: [] }),
  context: (stage) =>
    context(
      {
        events: [
          event(
            stage.number(3, 30),
            ["availability"],
            "Amazon RDS has been unable to access the KMS encryption key for database instance scenario-db. This database will be placed into an inaccessible state.",
          ),
          event(
            150,
            ["failure"],
            "Amazon RDS is unable to access the KMS encryption key for database instance scenario-db.",
          ),
        ],
      },
      { status: "inaccessible-encryption-credentials-recoverable" },
    ),
});
