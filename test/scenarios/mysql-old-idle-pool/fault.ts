import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Pools keep many old idle connections, far from the limit",
  server: { maxConnections: 100 },
  thresholds: { idleSessionSeconds: 1, leakIdleSeconds: 1 },
  make: async (stage) => {
    const idle = await stage.mySessions(stage.number(30, 45), stage.application());
    await stage.mySessions(stage.number(10, 20), stage.application());
    for (const one of idle) await one.query("SELECT 1");
    const watcher = await oneMy(stage, "watcher");
    await watcher.query("SELECT SLEEP(3)");
    return { culprits: [] };
  },
});
