import { defineScenario } from "../scenario.ts";
import { context, minutesAgo } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The server's certificate runs out in two or three weeks; nothing hurts yet",
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: (stage) =>
    context(
      {},
      {
        certificate: {
          authority: "rds-ca-rsa2048-g1",
          validTill: minutesAgo(-stage.number(13, 24) * 24 * 60),
        },
      },
    ),
});
