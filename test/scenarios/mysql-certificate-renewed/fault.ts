import { defineScenario } from "../scenario.ts";
import { context, minutesAgo } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "RDS renewed the server's certificate at half its life, as it does: it is valid for months",
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: (stage) =>
    context(
      {},
      {
        certificate: {
          authority: "rds-ca-ecc384-g1",
          validTill: minutesAgo(-stage.number(180, 360) * 24 * 60),
        },
      },
    ),
});
