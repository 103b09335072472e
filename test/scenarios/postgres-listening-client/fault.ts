import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Clients LISTEN and are idle for as long as nothing is to be told",
  thresholds: { idleSessionSeconds: 0.5, leakIdleSeconds: 1, slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const listeners = await stage.pgSessions(stage.number(3, 12), stage.application());
    for (const listener of listeners) await listener.query("LISTEN news");
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
