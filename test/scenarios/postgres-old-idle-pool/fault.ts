import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Pools keep many old idle connections, far from the limit",
  server: { maxConnections: 100 },
  thresholds: { idleSessionSeconds: 0.5, leakIdleSeconds: 1 },
  make: async (stage) => {
    const idle = await stage.pgSessions(stage.number(30, 45), stage.application());
    await stage.pgSessions(stage.number(10, 20), stage.application());
    for (const one of idle) await one.query("SELECT 1");
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
