import { openSessions } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

/** What every Java service is called that does not choose a name. */
const driver = "PostgreSQL JDBC Driver";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "One service leaks connections; another with the same driver's name has an idle pool and must stay untouched",
  server: { maxConnections: 50 },
  thresholds: { leakIdleSeconds: 1 },
  make: async (stage) => {
    const leaked = await stage.pgSessions(stage.number(28, 30), driver);
    const culprits = await Promise.all(leaked.map(pidOf));
    const innocent = await openSessions(stage.postgres(), 7, { user: "admin", applicationName: driver });
    stage.cleanUp(() => Promise.all(innocent.map((one) => one.end())));
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(1.5)");
    return { culprits };
  },
});
