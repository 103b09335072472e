import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "One application opens connections, never uses them again, and has filled nearly all slots",
  server: { maxConnections: 50 },
  thresholds: { leakIdleSeconds: 1 },
  make: async (stage) => {
    const leaked = await stage.pgSessions(stage.number(34, 38), stage.application());
    const culprits = await Promise.all(leaked.map(pidOf));
    const others = await stage.pgSessions(4, stage.application());
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(1.5)");
    for (const one of others) await one.query("SELECT 1");
    return { culprits };
  },
});
