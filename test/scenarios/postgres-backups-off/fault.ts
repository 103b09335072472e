import { defineScenario } from "../scenario.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Automated backups are off; it hurts nobody until somebody has to restore",
  make: async (stage) => {
    await stage.pgSessions(stage.number(1, 4), stage.application());
    return { culprits: [] };
  },
  context: () => context({ backups: null }, { backupRetentionDays: 0, latestRestorableAt: null }),
});
