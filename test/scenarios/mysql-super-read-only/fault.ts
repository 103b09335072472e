import { createConnection } from "mysql2/promise";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The writer was left in super_read_only after a failover test",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const admin = await createConnection({ uri: stage.server.adminUrl });
    stage.cleanUp(() => admin.end());
    await stage.mySessions(stage.number(2, 9), stage.application());
    await admin.query("SET GLOBAL super_read_only = ON");
    return { culprits: [] };
  },
});
