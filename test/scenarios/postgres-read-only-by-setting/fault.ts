import { Client } from "pg";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody made the database read only for a migration and went home",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await admin.query("ALTER DATABASE app SET default_transaction_read_only = on");
    await stage.pgSessions(stage.number(3, 9), stage.application());
    return { culprits: [] };
  },
});
