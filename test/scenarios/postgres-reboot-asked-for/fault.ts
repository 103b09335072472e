import { defineScenario } from "../scenario.ts";
import { context, database, event, minutesAgo } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody rebooted the database on purpose a quarter of an hour ago; it has been well since",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () =>
    context({
      events: [
        event(14, ["availability"], "DB instance restarted"),
        event(15, ["availability"], "DB instance shutdown"),
      ],
      changes: [
        {
          at: minutesAgo(16),
          source: "cloudtrail",
          subject: database,
          what: "RebootDBInstance",
          by: "release-engineer",
          detail: `dBInstanceIdentifier=${database}`,
          error: null,
        },
      ],
    }),
});
