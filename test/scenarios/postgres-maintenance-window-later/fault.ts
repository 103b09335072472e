import { defineScenario } from "../scenario.ts";
import { context, event, minutesAgo } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Maintenance is planned for the night, backups are fresh, last night's ended well: nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () => {
    const plain = context({
      events: [
        event(5 * 60, ["maintenance"], "Finished applying maintenance to the DB instance."),
        event(5 * 60 + 12, ["maintenance"], "Applying maintenance to the DB instance."),
        event(7 * 60, ["backup"], "Finished DB instance backup"),
      ],
    });
    const maintenance = {
      resource: "scenario-db",
      action: "system-update",
      description: "New operating system update is available",
      optIn: "next-maintenance",
      autoAppliedAfter: null,
      forcedAt: null,
      appliesAt: minutesAgo(-9 * 60),
    };
    const { topology } = plain;
    return { ...plain, topology: topology === null ? null : { ...topology, maintenance: [maintenance] } };
  },
});
