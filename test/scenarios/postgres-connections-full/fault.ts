import { openSession } from "../../lab/engines/sql.ts";
import { pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Leaked connections have taken every slot of applications; the responder gets in by a reserved one",
  majors: [16, 17, 18],
  server: { maxConnections: 40 },
  thresholds: { leakIdleSeconds: 1 },
  make: async (stage) => {
    const application = stage.application();
    const watcher = await openSession(stage.postgres());
    stage.cleanUp(() => watcher.end());
    const culprits: number[] = [];
    for (let open = 0; open < 70; open += 1) {
      const opened = await stage.pgSessions(1, application).catch(() => null);
      if (opened === null) {
        await watcher.query("SELECT pg_sleep(1.5)");
        return { culprits };
      }
      culprits.push(...(await Promise.all(opened.map(pidOf))));
    }
    throw new Error("the slots did not run out");
  },
});
