import { defineScenario } from "../scenario.ts";
import { context, database, minutesAgo } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "RDS will upgrade the engine within days, whatever the window, and nobody has asked for it; all is well else",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: (stage) => {
    const plain = context();
    const forcedAt = minutesAgo(-stage.number(30, 140) * 60);
    const maintenance = {
      resource: database,
      action: "db-upgrade",
      description: "Upgrade to a supported minor version",
      optIn: null,
      autoAppliedAfter: null,
      forcedAt,
      appliesAt: forcedAt,
    };
    const { topology } = plain;
    return { ...plain, topology: topology === null ? null : { ...topology, maintenance: [maintenance] } };
  },
});
