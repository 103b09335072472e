import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { context, event } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The standby was promoted two minutes ago: it serves, and who is surprised should know why",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  role: "writer",
  make: async (stage) => {
    const standby = new Client({ connectionString: stage.server.replicas[0]?.adminUrl ?? "" });
    await standby.connect();
    stage.cleanUp(() => standby.end());
    await standby.query("SELECT pg_promote(false)");
    await waitUntil(
      async () => (await standby.query("SELECT pg_is_in_recovery() AS standby")).rows[0].standby === false,
      { what: "the standby to be promoted" },
    );
    return { culprits: [] };
  },
  // The promotion is real; only RDS publishes events of it.
  context: (stage) => {
    const minutes = stage.number(2, 8);
    return context({
      events: [
        event(minutes, ["failover"], "Multi-AZ instance failover completed"),
        event(minutes + 1, ["failover"], "Multi-AZ instance failover started."),
      ],
    });
  },
});
