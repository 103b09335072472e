import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The application's account may have no more connections; the server has slots in plenty",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 120 },
  make: async (stage) => {
    const limit = stage.number(9, 14);
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query(`ALTER USER shop@'%' WITH MAX_USER_CONNECTIONS ${limit}`);
    const sessions = await stage.mySessions(limit, stage.application());
    const uri = labUrl("mysql", stage.server.port, "shop");
    await keepRunning(stage, [1, 2], 60, async () => {
      const refused = await createConnection({ uri }).catch(() => null);
      await refused?.end();
      await new Promise((resolve) => setTimeout(resolve, 60));
    });
    await keepRunning(stage, sessions.slice(0, 3), 10, (session) => session.query("SELECT SLEEP(0.2)"));
    return { culprits: [] };
  },
});
